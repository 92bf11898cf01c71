import { storageError } from '../domain/storage-error.ts'
import { writeWholeSync } from './whole.ts'

/** Replaces a small file of the program's own as a whole; for this account of the system alone. Errors: those of the disk, in words. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  try {
    writeWholeSync(path, content, 0o600)
  } catch (error) {
    throw storageError(error) ?? error
  }
}
