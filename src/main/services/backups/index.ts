import { constants, existsSync } from 'node:fs'
import { access, copyFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { backupTime, type Backup, type BackupList } from '../../../preload/contract/backups.ts'
import { ConcordError, messageOf } from '../../domain/error.ts'
import type { Anchors } from '../../store/anchors.ts'
import { digestOf, headOf, record } from '../../store/audit.ts'
import { clearRestore, hasReplaced, replacedSuffix, swapIn } from '../../store/backup.ts'
import { putInPlace } from '../../files/whole.ts'
import type { Database } from '../../store/database.ts'
import { storageErrorAt } from '../../store/writable.ts'
import { createBackupFolder, type BackupFolder } from './folder.ts'
import { onBackupThread } from './host.ts'
import { isBlindedAnywhere, type Caller } from '../context.ts'
import type { SettingsService } from '../settings.ts'

/** Closes the database, has `swap` exchange its file, and opens the program on it again. */
export type ReplaceDatabase = (swap: () => void) => Promise<void>
/** Asks the person for a file; null when they cancel. */
export type ChooseFile = () => Promise<string | null>

const lookEvery = 5 * 60_000
const hour = 3_600_000
/** For so long the sign-in page says that a backup was restored: people come back on different days. */
const saidFor = 7 * 24 * hour

export interface BackupParts {
  db: Database
  /** The file; null: the data lies on a department's server, where others back it up. */
  database: string | null
  /** Beside the data, unless the settings name another folder. */
  ownFolder: string
  anchors: Anchors
  settings: SettingsService
  replace: ReplaceDatabase
}

/** Copies of the database: made by themselves and on demand, read back before they count, and put back. */
export function createBackups({ db, database, ownFolder, anchors, settings, replace }: BackupParts) {
  let trouble: BackupList['trouble'] = null
  let timer: NodeJS.Timeout | undefined
  let busy: Promise<unknown> = Promise.resolve()
  /** The chain's end in the last backup of this run: without a new entry there is nothing new to keep. */
  let lastHead: string | null = null

  const folder = (): BackupFolder => createBackupFolder(settings.get().backupFolder ?? ownFolder)

  /** A folder that was named is not made anew: where its disk was taken out, backups would gather on this one. Null: it is there. */
  function folderGone(): ConcordError | null {
    const { backupFolder } = settings.get()
    if (backupFolder === null || existsSync(backupFolder)) return null
    return new ConcordError(
      'backup-folder-gone',
      'The folder for backups is not there. Put its disk in, or name another folder on the page “Backups”.',
    )
  }

  function requireThere(place: BackupFolder): BackupFolder {
    const gone = folderGone()
    if (gone) throw gone
    return place
  }

  /** One at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = busy.then(work, work)
    busy = turn.catch(() => undefined)
    return turn
  }

  function requireFile(): string {
    if (database === null)
      throw new ConcordError(
        'backup-on-server',
        'The data lies on the department’s server: whoever runs it backs it up there (pg_dump) and puts it back.',
      )
    return database
  }

  const make = (manual: boolean): Promise<Backup> =>
    inTurn(async () => {
      const from = requireFile()
      const place = folder()
      try {
        requireThere(place)
        await anchors.note()
        const name = place.newName(manual)
        const { digest } = await headOf(db)
        const check = await onBackupThread({
          task: 'make',
          from,
          to: place.path(name),
          anchors: anchors.heads(),
        })
        const made = place.keepCheck(name, check)
        trouble =
          check.state === 'chain'
            ? {
                at: new Date().toISOString(),
                code: 'chain-broken',
                message: `The audit trail is broken: ${check.why ?? ''}.`,
              }
            : null
        lastHead = digest
        place.rotate(settings.get().backupsKept)
        return made
      } catch (error) {
        const known = error instanceof ConcordError ? error : storageErrorAt(place.folder, error)
        trouble = {
          at: new Date().toISOString(),
          code: known?.code ?? 'unexpected',
          message: messageOf(known ?? error),
        }
        throw known ?? error
      }
    })

  /** Takes in a copy of a file from elsewhere, named by when it was made: as it is named, or else when the last thing in it was done. */
  async function take(path: string): Promise<Backup> {
    const place = requireThere(folder())
    await access(path, constants.R_OK).catch(() => {
      throw new ConcordError('no-file', 'This file cannot be read. Choose another.')
    })
    try {
      const part = `${place.path(place.newName(true))}.part`
      await copyFile(path, part)
      const check = await onBackupThread({ task: 'check', file: part, anchors: [] })
      if (check.state === 'foreign' || check.state === 'damaged')
        throw new ConcordError(
          'backup-unusable',
          'This file is no backup of Concord, or it is damaged. Choose another; nothing of it was kept.',
        )
      const name = place.newName(true, new Date(backupTime(basename(path)) ?? check.last ?? Date.now()))
      putInPlace(part, place.path(name))
      return place.keepCheck(name, check)
    } catch (error) {
      throw storageErrorAt(place.folder, error) ?? error
    } finally {
      place.clearParts()
    }
  }

  const newestGood = (): Backup | undefined =>
    folder()
      .list()
      .find((backup) => backup.check?.state === 'good')

  /** When the next one is made by itself, if there is something new by then. */
  function nextAt(): string | null {
    const { backupEveryHours } = settings.get()
    if (backupEveryHours === 0 || database === null) return null
    const newest = newestGood()
    return new Date(newest ? Date.parse(newest.at) + backupEveryHours * hour : Date.now()).toISOString()
  }

  async function isDue(): Promise<boolean> {
    const next = nextAt()
    if (next === null || Date.now() < Date.parse(next)) return false
    const newest = newestGood()
    const head = await headOf(db)
    return head.sequence > 0 && head.digest !== lastHead && head.sequence !== newest?.check?.entries
  }

  const lookWhetherDue = async (): Promise<void> => {
    // What went wrong is kept for the page; the next look tries again.
    if (await isDue().catch(() => false)) await make(false).catch(() => undefined)
  }

  /** Takes out what would tell somebody who reads how many votes the others have cast. */
  async function mayCount(caller: Caller): Promise<(backup: Backup) => Backup> {
    if (!(await isBlindedAnywhere(db, caller))) return (backup) => backup
    return (backup) => ({
      ...backup,
      bytes: null,
      check: backup.check && { ...backup.check, entries: null, votes: null, last: null },
    })
  }

  async function inspect(name: string) {
    const place = folder()
    if (!place.has(name)) throw new ConcordError('backup-unknown', 'There is no such backup any more. Look again.')
    const check = await onBackupThread({ task: 'check', file: place.path(name), anchors: anchors.heads() })
    const now = await headOf(db)
    const { votes } = await db
      .selectFrom('vote')
      .select(({ fn }) => fn.countAll<number>().as('votes'))
      .executeTakeFirstOrThrow()
    return {
      backup: place.keepCheck(name, check),
      votesSince: Math.max(0, Number(votes) - check.votes),
      entriesSince: Math.max(0, now.sequence - check.entries),
    }
  }

  return {
    async list(caller: Caller): Promise<BackupList> {
      const counts = await mayCount(caller)
      const { folder: path, list } = folder()
      const gone = folderGone()
      const { code = '', message = '' } = gone ?? {}
      const now = gone && { at: new Date().toISOString(), code, message }
      return {
        ...{ folder: path, backups: list().map(counts), trouble: now ?? trouble },
        ...{ onServer: database === null, next: nextAt() },
      }
    },

    async make(caller: Caller): Promise<Backup> {
      const made = await make(true)
      await db.transaction().execute((t) =>
        record(t, {
          accountId: caller.accountId,
          act: 'backup.made',
          subject: made.name,
          rowDigest: digestOf(made.name),
        }),
      )
      return (await mayCount(caller))(made)
    },

    async inspect(caller: Caller, name: string) {
      const counts = await mayCount(caller)
      const found = await inTurn(() => inspect(name))
      const backup = counts(found.backup)
      return backup === found.backup ? found : { backup, votesSince: null, entriesSince: null }
    },

    async bring(caller: Caller, choose: ChooseFile): Promise<Backup | null> {
      requireFile()
      const path = await choose()
      if (path === null) return null
      const brought = await inTurn(() => take(path))
      await db.transaction().execute((t) =>
        record(t, {
          accountId: caller.accountId,
          act: 'backup.brought',
          subject: brought.name,
          rowDigest: digestOf(brought.name),
        }),
      )
      return brought
    },

    /**
     * Puts a backup in the database's place. It is made ready completely (copied, checked, the restoring recorded in it) before
     * anything of the database is touched; the replaced file is kept beside it.
     */
    async restore(caller: Caller, name: string): Promise<void> {
      const file = requireFile()
      await inTurn(async () => {
        const place = folder()
        if (!place.has(name)) throw new ConcordError('backup-unknown', 'There is no such backup any more. Look again.')
        await anchors.note()
        const replaced = await headOf(db)
        await onBackupThread({
          ...{ task: 'prepare', backup: place.path(name), database: file, anchors: anchors.heads() },
          ...{ by: caller.accountId, replaced },
        })
      })
      await replace(() => {
        const suffix = replacedSuffix()
        anchors.putAside(suffix)
        swapIn(file, suffix)
      })
    },

    async restored(): Promise<{ at: string; from: string } | null> {
      // What was replaced lies beside the database: without it the trail, a million entries, is not searched.
      if (database === null || !hasReplaced(database)) return null
      const last = await db
        .selectFrom('audit')
        .select(['at', 'subject'])
        .where('act', '=', 'database.restored')
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst()
      const from = last ? backupTime(last.subject) : null
      if (!last || from === null || Date.now() - Date.parse(last.at) > saidFor) return null
      return { at: last.at, from }
    },

    start(): void {
      if (database === null) return
      folder().clearParts()
      clearRestore(database)
      timer = setInterval(() => void lookWhetherDue(), lookEvery)
      timer.unref()
      setTimeout(() => void lookWhetherDue(), 20_000).unref()
    },

    /** Whether one was due, and made. For the end of the program and for tests. */
    lookWhetherDue,

    async stop(): Promise<void> {
      clearInterval(timer)
      await busy
    },
  }
}
