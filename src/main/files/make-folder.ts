import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it. Node's own `recursive` never ends where the system refuses a new folder as if the one above it
 * were not there, as below /proc. Errors: those of the disk, ENOTDIR where a file of this name is in the way.
 */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      if (!statSync(path).isDirectory()) throw Object.assign(new Error(`${path} is a file.`), { code: 'ENOTDIR' })
    } else if (code === 'ENOENT' && !statSync(dirname(path), { throwIfNoEntry: false })) {
      makeFolder(dirname(path), mode)
      mkdirSync(path, { mode })
    } else throw error
  }
}
