import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConcordError, messageOf } from '../domain/error.ts'

/**
 * Replaces a file as a whole: the new content is on the disk under another name before it takes the old one's place, so
 * a crash or a full disk leaves the previous file as it was.
 * @throws ConcordError `disk-full` or `file-not-written`.
 */
export function writeWhole(path: string, content: Uint8Array): void {
  const draft = `${path}.${process.pid}.part`
  try {
    const file = openSync(draft, 'w')
    try {
      for (let at = 0; at < content.length;) at += writeSync(file, content, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
    syncFolder(dirname(path))
  } catch (error) {
    rmSync(draft, { force: true })
    throw writeFailure(path, error)
  }
}

/** What a failed write means to a person. */
export function writeFailure(path: string, error: unknown): ConcordError {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new ConcordError('disk-full', `The disk is full, so ${path} was not written. Free some space and go on.`)
    : new ConcordError('file-not-written', `${path} could not be written: ${messageOf(error)}.`)
}

/** Makes a rename in a folder durable; where the system cannot open a folder (Windows) there is nothing to do. */
function syncFolder(path: string): void {
  let folder: number
  try {
    folder = openSync(path, 'r')
  } catch {
    return
  }
  try {
    fsyncSync(folder)
  } catch (error) {
    if (process.platform !== 'win32') throw error
  } finally {
    closeSync(folder)
  }
}
