import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { migrations } from '../../../db/migrate.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import { record, type Head } from './audit.ts'
import { applicationId, closeDatabase, openDatabase } from './database.ts'
import { putInPlace } from '../files/whole.ts'
import type { Tables } from './schema.ts'
import { verifyChain } from './verify.ts'
import { storageErrorAt } from './writable.ts'

/** What a database file holds and whether it can be used. */
export interface FileCheck {
  /** `chain`: it opens and is whole, but its audit trail is broken. */
  state: 'good' | 'newer' | 'foreign' | 'damaged' | 'chain'
  /** Why not, in one sentence. */
  why: string | null
  entries: number
  votes: number
  head: Head | null
  /** When the last act in it was recorded. */
  last: string | null
  bytes: number
}

/**
 * Copies a database that is in use with SQLite's online backup: what is copied is one committed state, while votes go on.
 * The copy is opened, checked and on the disk before it gets its name; what went wrong leaves nothing behind.
 * @param anchors heads of the audit chain noted elsewhere
 * Errors: those of the disk (`storageError`), `backup-not-good`.
 */
export async function makeBackup(from: string, to: string, anchors: Head[]): Promise<FileCheck> {
  const part = `${to}.part`
  try {
    clearPart(part)
    const source = new Sqlite(from, { readonly: true, fileMustExist: true })
    try {
      // All pages in one step: from another connection each step between which somebody votes would begin anew.
      await source.backup(part, { progress: () => 0x7fffffff })
    } finally {
      source.close()
    }
    standAlone(part)
    const check = await checkFile(part, anchors)
    if (check.state === 'damaged')
      throw new ConcordError('backup-not-good', `The backup could not be read back: ${check.why ?? ''}`)
    putInPlace(part, to)
    return check
  } catch (error) {
    clearPart(part)
    throw storageErrorAt(dirname(to), error) ?? error
  }
}

/** What an attempt left that was killed: its log would be taken for the next attempt's. */
function clearPart(part: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${end}`, { force: true })
}

/** A file that needs no log beside it: it can be carried away and read from a disk that cannot be written to. */
function standAlone(file: string): void {
  const copy = new Sqlite(file)
  copy.pragma('journal_mode = DELETE')
  copy.close()
}

/** Opens a database file for reading and checks every page, index and reference, then the audit chain. Never throws for a bad file. */
export async function checkFile(file: string, anchors: Head[]): Promise<FileCheck> {
  const found: FileCheck = {
    ...{ state: 'good', why: null, entries: 0, votes: 0, head: null, last: null },
    bytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0,
  }
  let sqlite: Sqlite.Database | null = null
  try {
    sqlite = new Sqlite(file, { readonly: true, fileMustExist: true })
    const application = sqlite.pragma('application_id', { simple: true })
    const version = sqlite.pragma('user_version', { simple: true }) as number
    if (application !== applicationId) return { ...found, state: 'foreign', why: 'It is no database of Concord.' }
    if (version > migrations.length)
      return { ...found, state: 'newer', why: 'It was written by a newer version of Concord.' }
    const [first] = sqlite.pragma('integrity_check(1)') as { integrity_check: string }[]
    if (first?.integrity_check !== 'ok')
      return { ...found, state: 'damaged', why: first?.integrity_check ?? 'It cannot be checked.' }
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) })
    const last = await db.selectFrom('audit').select('at').orderBy('sequence', 'desc').limit(1).executeTakeFirst()
    if (version < migrations.length) return { ...found, last: last?.at ?? null, ...(await counted(db)) }
    const newest = (await counted(db)).entries
    // Heads noted after this file was made are not missing from it.
    const chain = await verifyChain(
      db,
      anchors.filter((anchor) => anchor.sequence <= newest),
    )
    const whole = { ...found, head: chain.head, last: last?.at ?? null }
    // The check ends at the break: what is in the file is counted by itself then.
    if (chain.broken) return { ...whole, state: 'chain', why: chain.broken.why, ...(await counted(db)) }
    return { ...whole, entries: chain.entries, votes: chain.votes }
  } catch (error) {
    return { ...found, state: 'damaged', why: messageOf(error) }
  } finally {
    sqlite?.close()
  }
}

/** Of a file of an earlier version, whose tables the chain's check does not know yet. */
async function counted(db: Kysely<Tables>): Promise<{ entries: number; votes: number }> {
  const count = async (table: 'audit' | 'vote'): Promise<number> =>
    Number(
      (
        await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  return { entries: await count('audit'), votes: await count('vote') }
}

const ready = (database: string): string => `${database}.ready`
const restoring = (database: string): string => `${database}.restoring`

/**
 * Makes a backup ready to take the database's place: copied, brought to this version, the restoring recorded in its own audit
 * trail, on the disk. Nothing of the database itself is touched yet. Resolves with the check of what is ready.
 * Errors: `backup-not-good` with what is wrong, and those of the disk.
 */
export async function prepareRestore(
  backup: string,
  database: string,
  { anchors, by, replaced }: { anchors: Head[]; by: string | null; replaced: Head | null },
): Promise<FileCheck> {
  const part = restoring(database)
  try {
    clearPart(part)
    copyFileSync(backup, part)
    const before = await checkFile(part, anchors)
    if (before.state !== 'good')
      throw new ConcordError('backup-not-good', `This backup cannot be restored: ${before.why ?? before.state}`)
    const db = await openDatabase(part)
    await db.transaction().execute((t) =>
      record(t, {
        accountId: by,
        act: 'database.restored',
        subject: `${replaced ? `${replaced.sequence}:${replaced.digest}` : 'damaged'} ${basename(backup)}`,
        rowDigest: before.head?.digest ?? '',
      }),
    )
    await closeDatabase(db)
    standAlone(part)
    const after = await checkFile(part, [])
    if (after.state !== 'good')
      throw new ConcordError('backup-not-good', `This backup cannot be restored: ${after.why ?? after.state}`)
    putInPlace(part, ready(database))
    return after
  } catch (error) {
    clearPart(part)
    throw storageErrorAt(dirname(database), error) ?? error
  }
}

/** At the window's start: what a restore left that was killed before anything of the database was touched. */
export const clearRestore = (database: string): void => clearPart(restoring(database))

/**
 * Puts what is ready in the database's place; the database must be closed. The file it replaces is kept beside it under the
 * suffix, with its log: that goes first, or the new file would be read with it.
 */
export function swapIn(database: string, suffix: string): void {
  putDatabaseAside(database, suffix)
  putInPlace(ready(database), database)
}

/** Keeps the file under the suffix with its log, which goes first. */
export function putDatabaseAside(database: string, suffix: string): void {
  for (const end of ['-wal', '-shm', ''])
    if (existsSync(`${database}${end}`)) renameSync(`${database}${end}`, `${database}.${suffix}${end}`)
}

/** Whether a database that was replaced is kept beside this one. */
export const hasReplaced = (database: string): boolean =>
  readdirSync(dirname(database)).some((name) => name.startsWith(`${basename(database)}.replaced-`))

/** What was replaced at that time is kept under, to the millisecond: "replaced-20261121T101500123Z". */
export const replacedSuffix = (now = new Date()): string => `replaced-${now.toISOString().replace(/[-:.]/g, '')}`

/**
 * At start: the program ended between the renames of `swapIn`. Where the database has gone, what is ready takes its place, so
 * that nobody finds an empty one. Where it is still there it gets its log back, with the votes that only this holds, and
 * what is ready goes: it was never wanted to the end.
 */
export function finishRestore(database: string): void {
  if (!existsSync(ready(database))) return
  if (!existsSync(database)) return putInPlace(ready(database), database)
  giveLogBack(database)
  rmSync(ready(database), { force: true })
}

function giveLogBack(database: string): void {
  const folder = dirname(database)
  const names = new Set(readdirSync(folder))
  for (const name of names) {
    const [, kept, end] = /^(.*\.replaced-[^-.]*)(-wal|-shm)$/.exec(name) ?? []
    if (kept === undefined || !kept.startsWith(`${basename(database)}.`) || names.has(kept)) continue
    if (!existsSync(`${database}${end}`)) renameSync(join(folder, name), `${database}${end}`)
  }
}
