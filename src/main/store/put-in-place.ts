import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { storageError } from '../domain/storage-error.ts'

/** On the disk, then under its name: a power cut leaves the whole file or none. */
export function putInPlace(from: string, to: string): void {
  flush(from)
  renameSync(from, to)
  if (process.platform !== 'win32') flush(dirname(to))
}

/** Replaces a small file as a whole; for this account of the system alone. Errors: those of the disk. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(`${path}.part`, content, { mode: 0o600 })
    putInPlace(`${path}.part`, path)
  } catch (error) {
    throw storageError(error) ?? error
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
