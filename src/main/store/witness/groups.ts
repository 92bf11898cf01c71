import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../database.ts'
import type { Row } from '../schema.ts'
import { wholeDigest, without } from './whole.ts'

// What audit entries attest of rows that belong together, read from the tables as they are.

/** How a study is read, and by whom. That grades were settled by hand is told by those entries. */
export async function studyDigest(connection: Connection, studyId: string): Promise<string> {
  const study = await connection.selectFrom('study').selectAll().where('id', '=', studyId).executeTakeFirstOrThrow()
  const state = study.state === 'adjudicating' ? 'sealed' : study.state
  const { id, design, unblinded_at, readers_see_afterwards } = study
  const readers = connection.selectFrom('study_reader').selectAll().where('study_id', '=', studyId)
  const cases = connection.selectFrom('known_case').selectAll().where('study_id', '=', studyId)
  const again = connection.selectFrom('reading_again').selectAll().where('study_id', '=', studyId)
  const recovery = connection
    .selectFrom('study_recovery')
    .innerJoin('study_key', 'study_key.id', 'study_recovery.study_key_id')
    .selectAll('study_recovery')
    .where('study_key.study_id', '=', studyId)
  return wholeDigest(
    { id, state, design, unblinded_at, readers_see_afterwards },
    await readers.orderBy('account_id').execute(),
    await cases.orderBy('id').execute(),
    await again.orderBy('id').execute(),
    await recovery.orderBy('study_key_id').execute(),
  )
}

/** Places read at a time: some milliseconds. */
const PORTION = 1000

/**
 * All places of a study's queues, by reader and position; null where there are none. Whether one was voted on says the vote
 * (`wrongMark`).
 */
export async function queuesDigest(connection: Connection, studyId: string): Promise<string | null> {
  const hash = createHash('sha256')
  let count = 0
  for await (const rows of placesOf(connection, studyId, PORTION))
    for (const row of rows) {
      hash.update(wholeDigest(without(row, 'voted')))
      count += 1
    }
  return count === 0 ? null : wholeDigest({ studyId, count, places: hash.digest('hex') })
}

/** By an index, a reader after the other: a department's queues have hundreds of thousands of places. */
async function* placesOf(connection: Connection, studyId: string, portion: number) {
  const readers = await connection
    .selectFrom('assignment')
    .select('account_id')
    .distinct()
    .where('study_id', '=', studyId)
    .orderBy('account_id')
    .execute()
  for (const { account_id } of readers)
    for (let last = -1, full = true; full;) {
      const rows = await connection
        .selectFrom('assignment')
        .selectAll()
        .where('study_id', '=', studyId)
        .where('account_id', '=', account_id)
        .where('position', '>', last)
        .orderBy('position')
        .limit(portion)
        .execute()
      yield rows
      // A vote must not wait for all of a department's queues.
      await nextTurn()
      last = rows.at(-1)?.position ?? last
      full = rows.length === portion
    }
}

/** Scans with their patients, days and the digests of their origin, in the order given. */
export async function scanDigests(
  connection: Connection,
  scans: readonly Row<'scan'>[],
): Promise<{ scan: Row<'scan'>; digest: string }[]> {
  if (scans.length === 0) return []
  const ids = scans.map(({ id }) => id)
  const patients = await connection
    .selectFrom('patient')
    .selectAll()
    .where(
      'id',
      'in',
      scans.map(({ patient_id }) => patient_id),
    )
    .execute()
  const days = await connection.selectFrom('scan_day').selectAll().where('scan_id', 'in', ids).execute()
  const origins = await connection.selectFrom('scan_origin').selectAll().where('scan_id', 'in', ids).execute()
  const patientOf = new Map(patients.map((row) => [row.id, row]))
  const dayOf = new Map(days.map((row) => [row.scan_id, row]))
  const originOf = new Map(origins.map((row) => [row.scan_id, row]))
  return scans.map((scan) => ({
    scan,
    digest: wholeDigest(
      ...[scan, patientOf.get(scan.patient_id) ?? {}, dayOf.get(scan.id) ?? {}, originOf.get(scan.id) ?? {}],
    ),
  }))
}

export async function scanDigest(connection: Connection, scanId: string): Promise<string> {
  const scan = await connection.selectFrom('scan').selectAll().where('id', '=', scanId).executeTakeFirstOrThrow()
  return (await scanDigests(connection, [scan]))[0]!.digest
}

/** A model with what it is made of and what it said of the scans that were held out. */
export async function modelDigest(connection: Connection, model: Row<'model'>): Promise<string> {
  const members = connection.selectFrom('model_member').selectAll().where('ensemble_id', '=', model.id)
  const heldOut = connection.selectFrom('held_out').selectAll().where('model_id', '=', model.id)
  return wholeDigest(
    model,
    await members.orderBy('place').execute(),
    await heldOut.orderBy('part').orderBy('scan_id').execute(),
  )
}
