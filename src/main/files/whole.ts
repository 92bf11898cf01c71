import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { draftOf } from './drafts.ts'

export type Content = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/**
 * Writes a file whole or not at all: beside its place first and onto the disk, then under its name, so that a crash, a power cut or a
 * full disk leaves the file that was there before, or none. Errors: those of the disk and of `content`, as they are; no draft is left.
 */
export async function writeWhole(path: string, content: Content, mode = 0o666): Promise<void> {
  const draft = draftOf(path)
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await writeFile(file, content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    await flushFolder(dirname(path))
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
}

/** The same for a thread that may wait for the disk. */
export function writeWholeSync(path: string, content: string | Uint8Array, mode = 0o666): void {
  const draft = draftOf(path)
  try {
    writeFileSync(draft, content, { flag: 'wx', mode })
    putInPlace(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Gives a file that is written its name, on the same disk: after a power cut the whole file is there, or what was there before. */
export function putInPlace(from: string, to: string): void {
  flush(from)
  renameSync(from, to)
  try {
    flush(dirname(to))
  } catch (error) {
    if (!isUnflushable(error)) throw error
  }
}

function flush(path: string): void {
  const handle = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!isUnflushable(error)) throw error
  }
}

/** Windows, and file systems of some sticks and servers, flush no folder: their names are on the disk by other means. */
const isUnflushable = (error: unknown): boolean =>
  process.platform === 'win32' ||
  ['EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
