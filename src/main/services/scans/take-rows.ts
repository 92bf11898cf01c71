import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ConcordError } from '../../domain/error.ts'
import type { DecodedVolume } from '../../imaging/host.ts'
import { moveFile } from '../../files/move-file.ts'
import type { Connection, Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { isSealed, studyOf, type Caller } from '../context.ts'
import { addMotionEstimate } from '../reading/motion.ts'
import { originOf } from './origins.ts'
import { namesPatient, siteOf, type PreviewRow, type Side, type Site } from './found.ts'
import { addScanRow } from './row.ts'

export interface ImportOptions {
  purpose: 'reading' | 'unread'
  defaults: { site: Site; side: Side }
  unnamed: 'each' | 'folder'
}

export type AcceptedRow = PreviewRow & { decoded: DecodedVolume }

/** Accepted rows: the pictures first, then patients, scans and audit entries of all of them in one transaction. */
export async function takeRows(
  { db, volumePath }: { db: Database; volumePath: (sha256: string) => string },
  caller: Caller,
  study: Row<'study'>,
  rows: readonly AcceptedRow[],
  options: ImportOptions,
): Promise<void> {
  for (const { decoded } of rows) {
    const kept = volumePath(decoded.header.sha256)
    if (existsSync(kept)) await rm(decoded.cachePath, { force: true })
    else await moveFile(decoded.cachePath, kept)
  }
  await db.transaction().execute(async (t) => {
    if (options.purpose === 'reading') requireDraftFor(await studyOf(t, study.id))
    for (const row of rows) {
      await addScan(t, caller, study, row, options)
      // The queries of one row take some milliseconds of the main process: others get their turn between two.
      await nextTurn()
    }
  })
}

async function addScan(
  t: Connection,
  caller: Caller,
  study: Row<'study'>,
  { decoded, motion, folder }: AcceptedRow,
  options: ImportOptions,
): Promise<void> {
  const { header, meta } = decoded
  const byFolder = options.unnamed === 'folder' && !namesPatient(meta.patientKey)
  if (await pseudonymOf(t, study.id, header.sha256)) return
  const row = await addScanRow(t, caller, study, header, {
    patientKey: byFolder ? `folder:${folder}` : meta.patientKey,
    site: meta.site === undefined ? options.defaults.site : siteOf(meta.site),
    side: meta.side ?? options.defaults.side,
    purpose: options.purpose,
    ...{ day: dayOf(meta.studyDate), origin: originOf(study, meta) },
  })
  if (motion) await addMotionEstimate(t, caller, row.id, motion)
}

/** The scan of a study that has these pictures; null where there is none. */
export async function pseudonymOf(connection: Connection, studyId: string, sha256: string): Promise<string | null> {
  const row = await connection
    .selectFrom('scan')
    .select('pseudonym')
    .where('study_id', '=', studyId)
    .where('content_sha256', '=', sha256)
    .executeTakeFirst()
  return row?.pseudonym ?? null
}

/** Error: `study-not-draft`; scans for readers are added before the reading begins. */
export function requireDraftFor(study: Row<'study'>): void {
  if (study.state !== 'draft')
    throw new ConcordError(
      'study-not-draft',
      isSealed(study)
        ? 'The reading is sealed: scans can only be added for the network.'
        : 'The reading has begun: scans for readers can only be added to a draft. Add them for the network, or make a new study.',
    )
}

/** A date as files give it, if it is one. */
function dayOf(date: string | undefined): string | null {
  const day = date?.slice(0, 10) ?? ''
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null
}
