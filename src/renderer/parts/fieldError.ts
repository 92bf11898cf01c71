import type { Failure } from '../api.ts'

/** The messages of one form field: the failure's sentence where it names that field. */
export function fieldError(failure: Failure | null, field: string, text: (failure: Failure) => string): string[] {
  return failure?.field === field ? [text(failure)] : []
}
