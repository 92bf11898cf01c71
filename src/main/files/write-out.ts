import { stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { storageError } from '../domain/storage-error.ts'
import { clearDrafts } from './drafts.ts'
import { writeWhole, type Content } from './whole.ts'

/**
 * Writes a file that leaves the program whole or not at all, so that nobody computes from half a table. What is no file, as a pipe, is
 * written to as it is. What a killed program left half-written beside it goes. Errors: `output-unwritable`, those of the disk, in words.
 */
export async function writeOut(path: string, content: Content, mode = 0o666): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (there && !there.isFile()) return writeFile(path, content, { mode })
  await clearDrafts(dirname(path))
  try {
    await writeWhole(path, content, mode)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw new ConcordError('output-unwritable', 'This folder is not there any more. Choose another place.')
    throw storageError(error) ?? error
  }
}
