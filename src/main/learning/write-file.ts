import { ConcordError, messageOf } from '../domain/error.ts'
import { writeWholeSync } from '../files/whole.ts'

/** Replaces a file as a whole. @throws ConcordError `disk-full` or `file-not-written`. */
export function writeWhole(path: string, content: Uint8Array): void {
  try {
    writeWholeSync(path, content)
  } catch (error) {
    throw writeFailure(path, error)
  }
}

/** What a failed write means to a person. */
export function writeFailure(path: string, error: unknown): ConcordError {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new ConcordError('disk-full', `The disk is full, so ${path} was not written. Free some space and go on.`)
    : new ConcordError('file-not-written', `${path} could not be written: ${messageOf(error)}.`)
}
