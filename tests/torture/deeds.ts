import { damaged } from './deeds/damaged.ts'
import { exporting } from './deeds/exporting.ts'
import { full } from './deeds/full.ts'
import { keys } from './deeds/keys.ts'
import { labelling } from './deeds/labelling.ts'
import { leading } from './deeds/leading.ts'
import { merging } from './deeds/merging.ts'
import { moving } from './deeds/moving.ts'
import { pacs } from './deeds/pacs.ts'
import { powerless } from './deeds/powerless.ts'
import { recovery } from './deeds/recovery.ts'
import { reporting } from './deeds/reporting.ts'
import { restoring } from './deeds/restoring.ts'
import { sealing } from './deeds/sealing.ts'
import { travelling } from './deeds/travelling.ts'
import { upgrading } from './deeds/upgrading.ts'
import { voting } from './deeds/voting.ts'

export const deeds = {
  ...{ voting, full, powerless, keys, recovery, leading, sealing, labelling, merging, restoring, damaged },
  ...{ travelling, pacs, reporting, exporting, upgrading, moving },
}
export type DeedName = keyof typeof deeds
/** At a department's server: without files of a database, their backups and their logs. `moving` goes there from a file. */
export const onServer: readonly DeedName[] = [
  ...([
    'voting',
    'keys',
    'recovery',
    'leading',
    'sealing',
    'labelling',
    'merging',
    'pacs',
    'reporting',
    'exporting',
    'moving',
  ] as const),
]
export const onFile: readonly DeedName[] = (Object.keys(deeds) as DeedName[]).filter((name) => name !== 'moving')
