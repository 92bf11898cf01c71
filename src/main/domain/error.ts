/**
 * A failure a person can act on. `code` is what a test asserts (kebab-case, stable), `message` one clear sentence in
 * English saying what happened and what to do; `field` names the input it belongs to, where there is one.
 */
export class ConcordError extends Error {
  readonly code: string
  readonly field: string | undefined

  constructor(code: string, message: string, field?: string) {
    super(message)
    this.name = 'ConcordError'
    this.code = code
    this.field = field
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
