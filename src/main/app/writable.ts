import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { storageError } from '../domain/storage-error.ts'

/**
 * Why nothing can be kept in the folder, which need not exist yet, in a sentence; null where it can. To be asked before the
 * single instance's lock: where that cannot be written Electron takes the program for a second one, and it would end
 * without a word.
 */
export function whyUnwritable(folder: string): string | null {
  let there = folder
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  try {
    accessSync(there, constants.W_OK)
    return null
  } catch (error) {
    if (storageError(error)?.code !== 'disk-read-only') return null
    return `The folder ${folder} cannot be written to: the disk is read-only, or the right to write there is missing. Nothing was changed, and what was saved is still there. Make it writable, or name another folder in CONCORD_DATA, and start again.`
  }
}
