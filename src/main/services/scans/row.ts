import type { DecodedVolume } from '../../imaging/host.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { recordScan } from '../../store/witness/record.ts'
import type { Caller } from '../context.ts'
import { keyedDigest } from './origins.ts'

/** What is known of a scan beside its pictures. */
export interface ScanFacts {
  /** Tells the patient from others of the study. */
  patientKey: string
  site: Row<'scan'>['site']
  side: Row<'scan'>['side']
  purpose: Row<'scan'>['purpose']
  /** When it was made, ISO 8601, and what an archive knows it by, where its file says so. */
  day?: string | null
  origin?: Omit<Row<'scan_origin'>, 'scan_id'> | null
}

/** A scan's row under the next pseudonym of its patient, with its entry in the audit trail; resolves to the row. */
export async function addScanRow(
  t: Connection,
  caller: Caller,
  study: Row<'study'>,
  header: DecodedVolume['header'],
  { patientKey, site, side, purpose, day = null, origin = null }: ScanFacts,
): Promise<Row<'scan'>> {
  const patient = await patientOf(t, study, patientKey)
  const row: Row<'scan'> = {
    id: newId(),
    study_id: study.id,
    patient_id: patient.id,
    pseudonym: `${patient.pseudonym}-${patient.scans + 1}`,
    ...{ site, side, purpose },
    format: header.format,
    dims: JSON.stringify(header.dims),
    spacing: header.spacing && JSON.stringify(header.spacing),
    unit: header.unit,
    warnings: JSON.stringify(header.warnings),
    content_sha256: header.sha256,
    imported_by: caller.accountId,
    imported_at: now(),
  }
  await t.insertInto('scan').values(row).execute()
  if (origin)
    await t
      .insertInto('scan_origin')
      .values({ scan_id: row.id, ...origin })
      .execute()
  if (day) await t.insertInto('scan_day').values({ scan_id: row.id, day }).execute()
  await recordScan(t, { accountId: caller.accountId, act: 'scan.imported' }, row.id)
  return row
}

/** Finds the patient again by a keyed digest, or gives the next pseudonym. The key itself never leaves the database. */
async function patientOf(connection: Connection, study: Row<'study'>, patientKey: string) {
  const source_digest = keyedDigest(study, patientKey)
  const known = await connection
    .selectFrom('patient')
    .selectAll()
    .where('study_id', '=', study.id)
    .where('source_digest', '=', source_digest)
    .executeTakeFirst()
  if (known) {
    const { count } = await connection
      .selectFrom('scan')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('patient_id', '=', known.id)
      .executeTakeFirstOrThrow()
    return { ...known, scans: Number(count) }
  }
  const { count } = await connection
    .selectFrom('patient')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('study_id', '=', study.id)
    .executeTakeFirstOrThrow()
  const patient: Row<'patient'> = {
    id: newId(),
    study_id: study.id,
    pseudonym: `P${String(Number(count) + 1).padStart(4, '0')}`,
    source_digest,
  }
  await connection.insertInto('patient').values(patient).execute()
  return { ...patient, scans: 0 }
}
