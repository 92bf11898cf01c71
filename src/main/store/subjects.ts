/**
 * What is known of very many subjects, by their identifiers, in a thousand small maps: one large map is copied whole each time it
 * grows, which holds its thread for a tenth of a second at a million.
 */
export class Subjects<T> {
  private readonly maps = new Map<number, Map<string, T>>()

  /** In no certain order. */
  get parts(): Iterable<ReadonlyMap<string, T>> {
    return this.maps.values()
  }

  get(subject: string): T | undefined {
    return this.maps.get(place(subject))?.get(subject)
  }

  set(subject: string, known: T): void {
    const at = place(subject)
    const map = this.maps.get(at) ?? new Map<string, T>()
    this.maps.set(at, map.set(subject, known))
  }
}

/** Identifiers end in random digits. */
function place(subject: string): number {
  let hash = 0
  for (let at = Math.max(0, subject.length - 8); at < subject.length; at += 1)
    hash = Math.imul(hash, 31) + subject.charCodeAt(at)
  return (hash ^ (hash >>> 10)) & 1023
}
