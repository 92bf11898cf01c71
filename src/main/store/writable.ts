import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ConcordError } from '../domain/error.ts'
import { readOnlyDisk, storageError } from '../domain/storage-error.ts'

/**
 * What went wrong at a place, in words. Some systems say of a disk that cannot be written to only that a file "cannot be
 * opened" or "is not there": the place itself, or the nearest folder above it that exists, is asked.
 */
export function storageErrorAt(path: string, error: unknown): ConcordError | null {
  const known = storageError(error)
  if (known && known.code !== 'disk-failing') return known
  let place = path
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  for (const folder of [place, dirname(place)])
    try {
      accessSync(folder, constants.W_OK)
    } catch {
      return readOnlyDisk()
    }
  return known
}
