import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { storageError } from '../../domain/storage-error.ts'

type Content = string | Uint8Array | Iterable<string> | AsyncIterable<string>

/**
 * Writes a file that leaves the program whole or not at all: beside its place first, on the disk, then under its name, so that
 * nobody computes from half a table. What is no file, as a pipe, is written to as it is. Errors: those of the disk.
 */
export async function writeWholeFile(path: string, content: Content, mode = 0o666): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (there && !there.isFile()) return writeFile(path, content, { mode })
  const part = join(dirname(path), `.${basename(path)}.partial`)
  try {
    await rm(part, { force: true })
    const file = await open(part, 'wx', mode)
    try {
      await writeFile(file, content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw storageError(error) ?? error
  }
}
