import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backupTime, type Backup } from '../../../preload/contract/backups.ts'
import type { FileCheck } from '../../store/backup.ts'

const pattern = /^concord-\d{8}T\d{6}Z(-manual)?(-\d+)?\.db$/
/** The last automatic backup of each of so many days is kept, beside the newest ones. */
const daysKept = 14

/** The backups in a folder: SQLite files named by their time, each with what was found in it beside it. */
export function createBackupFolder(folder: string) {
  const note = (name: string): string => join(folder, name.replace(/\.db$/, '.json'))

  function checkOf(name: string): Backup['check'] {
    try {
      const { state, why, entries, votes, last } = JSON.parse(readFileSync(note(name), 'utf8')) as FileCheck
      return { state, why, entries, votes, last, at: statSync(note(name)).mtime.toISOString() }
    } catch {
      return null
    }
  }

  function one(name: string): Backup {
    return {
      name,
      at: backupTime(name) ?? new Date(0).toISOString(),
      manual: pattern.exec(name)![1] !== undefined,
      bytes: statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
      check: checkOf(name),
    }
  }

  return {
    folder,
    path: (name: string): string => join(folder, name),
    has: (name: string): boolean => pattern.test(name) && existsSync(join(folder, name)),
    one,

    /** Newest first. */
    list(): Backup[] {
      if (!existsSync(folder)) return []
      return readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
        .reverse()
        .map(one)
    },

    /** A name that is not taken yet. */
    newName(manual: boolean, now = new Date()): string {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const stem = `concord-${now.toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')}${manual ? '-manual' : ''}`
      for (let n = 1; ; n++) {
        const name = n === 1 ? `${stem}.db` : `${stem}-${n}.db`
        if (!existsSync(join(folder, name))) return name
      }
    },

    /** Keeps what was found in a backup beside it; where that cannot be written it is found again when asked for. */
    keepCheck(name: string, check: FileCheck): Backup {
      try {
        writeFileSync(note(name), `${JSON.stringify(check, null, 2)}\n`, { mode: 0o600 })
      } catch {
        const { state, why, entries, votes, last } = check
        return { ...one(name), check: { state, why, entries, votes, last, at: new Date().toISOString() } }
      }
      return one(name)
    },

    /** Removes what an interrupted backup left, then the oldest automatic ones. The newest good one always stays. */
    rotate(kept: number): void {
      const own = this.list().filter((backup) => !backup.manual)
      const days = new Map<string, string>()
      for (const { at, name } of own) if (!days.has(at.slice(0, 10))) days.set(at.slice(0, 10), name)
      const keep = new Set([...own.slice(0, kept).map(({ name }) => name), ...[...days.values()].slice(0, daysKept)])
      const good = own.find((backup) => backup.check?.state === 'good')
      if (good) keep.add(good.name)
      for (const { name } of own)
        if (!keep.has(name)) for (const file of [join(folder, name), note(name)]) rmSync(file, { force: true })
    },

    clearParts(): void {
      if (!existsSync(folder)) return
      for (const name of readdirSync(folder))
        if (/^concord-.*\.db\.part(-wal|-shm|-journal)?$/.test(name)) rmSync(join(folder, name), { force: true })
    },
  }
}
export type BackupFolder = ReturnType<typeof createBackupFolder>
