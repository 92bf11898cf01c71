/**
 * A value that is JSON already: the figures of thirty readers go from the thread that makes them to the page without being taken
 * apart on the way. Whoever writes one answers for its form.
 */
export class Written<T> {
  readonly json: string
  /** Of what the text is: for the compiler alone. */
  declare readonly of?: T

  constructor(json: string) {
    this.json = json
  }
}
