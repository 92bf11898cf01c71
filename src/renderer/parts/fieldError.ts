import type { Failure } from '../api.ts'

/** The messages of one form field: the failure's sentence where it names that field; `say` as for FailureNote. */
export function fieldError(
  failure: Failure | null,
  field: string,
  text: (failure: Failure) => string,
  say: Record<string, string> = {},
): string[] {
  return failure?.field === field ? [say[failure.code] ?? text(failure)] : []
}
