import type { QueueItem } from '../../../preload/contract/reading.ts'
import type { Connection } from '../../store/database.ts'
import { readsIn, type Caller } from '../context.ts'

const DAY = 86_400_000
/** As many as a reader can choose from without searching. */
const MOST = 5

/**
 * Scans of the same patient, site and side that were taken before this one, the latest first. Where the day of either is
 * not known the one with the lower number counts as earlier. None in a study that shows scans under codes: there a patient
 * must not be recognised.
 */
export async function earlierOf(
  connection: Connection,
  { scanId, code }: { scanId: string; code: string | null },
): Promise<NonNullable<QueueItem['earlier']>> {
  if (code !== null) return []
  const own = await connection
    .selectFrom('scan')
    .leftJoin('scan_day', 'scan_day.scan_id', 'scan.id')
    .select(['patient_id', 'site', 'side', 'pseudonym', 'scan_day.day as day'])
    .where('scan.id', '=', scanId)
    .executeTakeFirstOrThrow()
  const others = await connection
    .selectFrom('scan')
    .leftJoin('scan_day', 'scan_day.scan_id', 'scan.id')
    .select(['scan.id as scanId', 'pseudonym', 'scan_day.day as day'])
    .where('patient_id', '=', own.patient_id)
    .where('site', '=', own.site)
    .where('side', '=', own.side)
    .where('scan.id', '!=', scanId)
    .execute()
  const number = (pseudonym: string): number => Number(pseudonym.slice(pseudonym.lastIndexOf('-') + 1))
  return others
    .map((other) => ({
      scanId: other.scanId,
      pseudonym: other.pseudonym,
      daysBefore: own.day && other.day ? Math.round((Date.parse(own.day) - Date.parse(other.day)) / DAY) : null,
    }))
    .filter((other) =>
      other.daysBefore === null ? number(other.pseudonym) < number(own.pseudonym) : other.daysBefore > 0,
    )
    .sort((a, b) => (a.daysBefore ?? 0) - (b.daysBefore ?? 0) || number(b.pseudonym) - number(a.pseudonym))
    .slice(0, MOST)
}

/** Whether a scan is of a patient whose other scan this reader has in the own queue under its own name. */
export async function isBesideOwn(connection: Connection, caller: Caller, scanId: string): Promise<boolean> {
  const row = await connection
    .selectFrom('scan as other')
    .innerJoin('scan as own', 'own.patient_id', 'other.patient_id')
    .innerJoin('assignment', 'assignment.scan_id', 'own.id')
    .select('assignment.study_id as studyId')
    .where('other.id', '=', scanId)
    .where('assignment.account_id', '=', caller.accountId)
    .where('assignment.code', 'is', null)
    .executeTakeFirst()
  return row !== undefined && (await readsIn(connection, row.studyId, caller.accountId))
}
