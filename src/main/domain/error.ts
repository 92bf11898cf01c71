/**
 * A failure a person can act on. `code` is what a test asserts (kebab-case, stable), `message` one clear sentence in
 * English saying what happened and what to do; `field` names the input it belongs to, where there is one; `wait` the seconds
 * until trying again can help.
 */
export class ConcordError extends Error {
  readonly code: string
  readonly field: string | undefined
  readonly wait: number | undefined

  constructor(code: string, message: string, field?: string, wait?: number) {
    super(message)
    this.name = 'ConcordError'
    this.code = code
    this.field = field
    this.wait = wait
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
