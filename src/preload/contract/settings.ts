import { z } from 'zod'
import { route } from './route.ts'
import { path } from './common.ts'

/** How this workstation works; each value has its own default, so that older files stay good. */
export const settings = z.object({
  /** Minutes without a key or a click until the window locks and hides the scan; 0: never. */
  lockAfterMinutes: z.int().min(0).max(240).default(15),
  /** Hours between automatic backups while there is something new; 0: none. */
  backupEveryHours: z.int().min(0).max(168).default(4),
  /** Automatic backups that are kept, beside the last one of each of the latest fourteen days. */
  backupsKept: z.int().min(1).max(200).default(10),
  /** Where backups go; null: beside the data. */
  backupFolder: path.nullable().default(null),
  /** Where updates lie: a folder, or an address that begins with https; null, as delivered: none are looked for. */
  updatesFrom: z
    .string()
    .max(2048)
    .regex(/^(https:\/\/[^\s]+|\/.*|[A-Za-z]:[\\/].*|\\\\.*)$/)
    .nullable()
    .default(null),
})
export type Settings = z.infer<typeof settings>

export const settingsRoutes = {
  get: route('signed-in', z.strictObject({}), settings),
  /** Recorded in the audit trail. */
  set: route(['administrator'], settings.strict(), settings),
}
