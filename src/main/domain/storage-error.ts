import { ConcordError } from './error.ts'

const full = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT'])
const readOnly = new Set(['EROFS', 'EACCES', 'EPERM'])
const damaged = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])

/**
 * What a database or file operation failed of, where the disk is the reason and a person can do something about it; null for
 * every other error. Codes: `disk-full`, `disk-read-only`, `disk-failing`, `database-damaged`, `database-busy`.
 */
export function storageError(error: unknown): ConcordError | null {
  const given = (error as { code?: unknown } | null)?.code
  const code = typeof given === 'string' ? given : ''
  const begins = (name: string): boolean => code === name || code.startsWith(`${name}_`)
  if (full.has(code))
    return new ConcordError(
      'disk-full',
      'The disk is full. This was not saved; everything saved before is safe. Make room, then try again.',
    )
  if (begins('SQLITE_READONLY') || readOnly.has(code)) return readOnlyDisk()
  if ([...damaged].some(begins))
    return new ConcordError(
      'database-damaged',
      'The database is damaged. Restore the last good backup; the damaged file is kept beside it.',
    )
  if (begins('SQLITE_BUSY') || begins('SQLITE_LOCKED'))
    return new ConcordError(
      'database-busy',
      'Another program holds the database. This was not saved; everything saved before is safe. Try again.',
    )
  if (begins('SQLITE_IOERR') || begins('SQLITE_CANTOPEN') || code === 'EIO')
    return new ConcordError(
      'disk-failing',
      'The disk did not take or give the data. This was not saved; everything saved before is safe. Look whether the disk is full or failing, then try again.',
    )
  return null
}

export const readOnlyDisk = (): ConcordError =>
  new ConcordError(
    'disk-read-only',
    'The disk cannot be written to. This was not saved; everything saved before is safe. Ask for the right to write there, or choose another folder.',
  )

/** The disk takes nothing now: what can be done without writing goes on. */
export const isDiskTrouble = (error: unknown): boolean =>
  ['disk-full', 'disk-read-only', 'disk-failing'].includes(storageError(error)?.code ?? '')
