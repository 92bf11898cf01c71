import { z } from 'zod'
import { done, nothing, route } from './route.ts'
import { time } from './common.ts'

/** A file name of our own making: no folder in it. */
const name = z.string().regex(/^concord-\d{8}T\d{6}Z(-[a-z]+)?(-\d+)?\.db$/)

/** When the backup was made whose name this is, or whose name stands in it, as in an entry of the audit trail; null: none. */
export function backupTime(text: string): string | null {
  const found = /(?:^|\s)concord-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z[a-z\d-]*\.db$/.exec(text)
  if (!found) return null
  const [, year, month, day, hour, minute, second] = found
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  return Number.isNaN(Date.parse(at)) ? null : at
}

export const fileState = z.enum(['good', 'newer', 'foreign', 'damaged', 'chain'])

export const backup = z.object({
  name,
  at: time,
  manual: z.boolean(),
  /** This and the numbers below are null for whoever reads in an open study: they would tell of the others' votes. */
  bytes: z.number().nullable(),
  /** As it was found when it was made or last looked at; null: not looked at yet. */
  check: z
    .object({
      state: fileState,
      why: z.string().nullable(),
      entries: z.int().nullable(),
      votes: z.int().nullable(),
      last: time.nullable(),
      /** When it was read back. */
      at: time,
    })
    .nullable(),
})
export type Backup = z.infer<typeof backup>

export const backupList = z.object({
  folder: z.string(),
  backups: z.array(backup),
  /** Why the last attempt failed; null when it went well. */
  trouble: z.object({ at: time, code: z.string(), message: z.string() }).nullable(),
  /** The data lies on a department's server: whoever runs it backs it up, and nothing is made here (`backup-on-server`). */
  onServer: z.boolean(),
  /** When the next one is made by itself, if there is something new by then; null: none is. */
  next: time.nullable(),
})
export type BackupList = z.infer<typeof backupList>

export const backups = {
  list: route(['administrator', 'lead'], nothing, backupList),
  /** Makes one now; it is read back before the reply. Errors: `disk-full`, `disk-read-only`, `backup-not-good`, `backup-on-server`. */
  make: route(['administrator', 'lead'], nothing, backup),
  /** Reads one completely: every page, then the audit chain. `votesSince`: votes that are in the database and not in it. */
  inspect: route(
    ['administrator', 'lead'],
    z.strictObject({ name }),
    z.object({ backup, votesSince: z.int().nullable(), entriesSince: z.int().nullable() }),
  ),
  /** Takes a backup file from elsewhere into the folder, through the system's dialog; null where none was chosen. */
  bring: route(['administrator'], nothing, backup.nullable()),
  /** Puts a backup in the database's place; what is replaced is kept beside it. Everybody is signed out. Error: `backup-not-good`. */
  restore: route(['administrator'], z.strictObject({ name }), done),
  /** The last restoring, for a week: when it was, and from when the backup is. Before sign-in, since anybody's votes may be missing. */
  restored: route('anyone', nothing, z.object({ at: time, from: time }).nullable()),
}

/** While the database cannot be used. In every other state `state` is null and `restore` refused (`not-damaged`). */
export const recovery = {
  state: route(
    'anyone',
    nothing,
    z.object({ message: z.string(), folder: z.string(), backups: z.array(backup) }).nullable(),
  ),
  restore: route('anyone', z.strictObject({ name }), done),
}
