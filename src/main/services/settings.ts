import { readFileSync } from 'node:fs'
import { settings as schema, type Settings } from '../../preload/contract/settings.ts'
import { digestOf, record } from '../store/audit.ts'
import { replaceFile } from '../files/replace-file.ts'
import { requireFolder } from '../files/require-folder.ts'
import type { Database } from '../store/database.ts'
import type { Caller } from './context.ts'

/** Kept in a file beside the database: where the backups lie must be known when the database cannot be opened. */
export function readSettings(file: string): Settings {
  try {
    const found = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (found.success) return found.data
  } catch {
    // None yet, or a hand at it: what is delivered counts.
  }
  return schema.parse({})
}

export type SettingsService = ReturnType<typeof createSettings>

/** How this workstation works: the idle lock and the backups. */
export function createSettings({ db, file }: { db: Database; file: string }) {
  let current = readSettings(file)
  return {
    get: (): Settings => current,

    /** Recorded. Errors: `folder-unusable`, those of the disk. */
    async set(caller: Caller, wanted: Settings): Promise<Settings> {
      const { backupFolder } = wanted
      // One that is kept may be on a disk that is away for now.
      if (backupFolder !== null && backupFolder !== current.backupFolder) requireFolder(backupFolder, 'backupFolder')
      // Both or neither.
      await db.transaction().execute(async (t) => {
        await record(t, {
          accountId: caller.accountId,
          act: 'settings.changed',
          subject: JSON.stringify(wanted),
          rowDigest: digestOf(wanted),
        })
        replaceFile(file, `${JSON.stringify(wanted, null, 2)}\n`)
      })
      current = wanted
      return current
    },
  }
}
