import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { ConcordError } from '../domain/error.ts'

/** A folder that a person names must be there and take files. Error: `folder-unusable`, of that field. */
export function requireFolder(folder: string, field: string): void {
  try {
    if (!isAbsolute(folder) || !statSync(folder).isDirectory()) throw new Error('none')
    accessSync(folder, constants.W_OK)
  } catch {
    throw new ConcordError(
      'folder-unusable',
      'There is no such folder, or it cannot be written to. Choose another.',
      field,
    )
  }
}
