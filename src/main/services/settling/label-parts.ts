import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'

/** A frozen label with what training and exports need of its scan. */
export interface LabelRow {
  scanId: string
  pseudonym: string
  patientId: string
  site: string
  side: string
  contentSha256: string
  /** Day of the scan, ISO 8601; null where its file does not say. */
  scannedOn: string | null
  grade: number
  distribution: number[]
  origin: 'rule' | 'adjudicated'
}

/** Scans looked at a time: some milliseconds, so that a vote never waits long. */
const SCANS = 500

/** The labels of a set by the scans' pseudonyms, some at a time. */
export async function* labelParts(connection: Connection, set: Row<'label_set'>): AsyncGenerator<LabelRow[]> {
  for (let after = '', full = true; full; await nextTurn()) {
    const rows = await connection
      .selectFrom('scan')
      .leftJoin('label', (join) => join.onRef('label.scan_id', '=', 'scan.id').on('label.label_set_id', '=', set.id))
      .leftJoin('scan_day', 'scan_day.scan_id', 'scan.id')
      .select(['scan.id as scanId', 'scan.pseudonym as pseudonym', 'scan.patient_id as patientId'])
      .select(['scan.site as site', 'scan.side as side', 'scan.content_sha256 as contentSha256'])
      .select(['scan_day.day as scannedOn', 'label.grade as grade', 'label.distribution as distribution'])
      .select('label.origin as origin')
      .where('scan.study_id', '=', set.study_id)
      .where('scan.pseudonym', '>', after)
      .orderBy('scan.pseudonym')
      .limit(SCANS)
      .execute()
    yield rows.flatMap(({ grade, distribution, origin, ...scan }) =>
      grade === null || distribution === null || origin === null
        ? []
        : [{ ...scan, grade, distribution: JSON.parse(distribution) as number[], origin }],
    )
    after = rows.at(-1)?.pseudonym ?? after
    full = rows.length === SCANS
  }
}
