import { readerLetters } from '../../../preload/contract/letters.ts'
import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { roiDigest, studyKeyDigest, studyKeyOpenedDigest, studyMadeDigest } from '../../store/witness/digests.ts'
import { recordQueues, recordScan, recordStudy } from '../../store/witness/record.ts'
import { addVotes } from './add-votes.ts'
import { altered, type Manifest } from './format.ts'
import { known } from './known.ts'
import type { StudyRows } from './rows.ts'
import { turns, type Work } from './work.ts'
import { requireSource } from './require-source.ts'
import { addMaker, addReader } from './add-accounts.ts'

/**
 * Puts a study with one reader's queue into this workstation's database, in the caller's transaction. What is here already
 * stays as it is. Errors: `packet-study-here`, `packet-other-signer`, `packet-title-taken`, `packet-name-taken`,
 * `packet-account-differs`, `packet-study-differs`, and those of `addVotes`.
 */
export async function addStudy(
  t: Connection,
  { signer, reader }: Manifest,
  rows: StudyRows,
  work: Work = {},
): Promise<void> {
  const turn = turns(work)
  const { study, account, own } = rows
  if (account.id !== reader.id || account.name !== reader.name) throw altered()
  await requireSource(t, study, signer.publicKey)
  await requireSame(t, study)
  await addReader(t, rows)
  const makerId = await addMaker(t, signer.accountId)
  const row = await addStudyRow(t, study, makerId)
  await addLetter(t, study.id, account.id)
  const fill = filler(t, turn)
  await fill('study_key', rows.studyKeys, async (key) => {
    if (key.study_id !== study.id) throw altered()
    await t.insertInto('study_key').values(key).execute()
    await record(t, { accountId: null, act: 'study.keys-made', subject: key.id, rowDigest: studyKeyDigest(key) })
  })
  for (const { study_key_id, private_key, at } of rows.studyKeysOpened) {
    if (!rows.studyKeys.some(({ id }) => id === study_key_id)) throw altered()
    const row = { study_key_id, private_key, at, account_id: makerId }
    const { numInsertedOrUpdatedRows } = await t
      .insertInto('study_key_opened')
      .values(row)
      .onConflict((c) => c.column('study_key_id').doNothing())
      .executeTakeFirst()
    if (Number(numInsertedOrUpdatedRows ?? 0) === 0) continue
    const rowDigest = studyKeyOpenedDigest(row)
    await record(t, { accountId: null, act: 'study.key-opened', subject: study.id, rowDigest })
  }
  await fill('patient', rows.patients, (patient) =>
    // What tells patients apart stays at home.
    t
      .insertInto('patient')
      .values({ ...patient, study_id: study.id, source_digest: patient.id })
      .execute(),
  )
  const scans: string[] = []
  await fill('scan', rows.scans, (scan) => {
    scans.push(scan.id)
    return t
      .insertInto('scan')
      .values({ ...scan, study_id: study.id, imported_by: makerId })
      .execute()
  })
  for (const day of rows.scanDays) {
    await turn()
    await t
      .insertInto('scan_day')
      .values(day)
      .onConflict((c) => c.column('scan_id').doNothing())
      .execute()
  }
  for (const scanId of scans) {
    await turn()
    await recordScan(t, { accountId: null, act: 'scan.imported' }, scanId)
  }
  await fill('assignment', rows.assignments, (assignment) =>
    t
      .insertInto('assignment')
      .values({ ...assignment, study_id: study.id, account_id: account.id, voted: 0, follows: null })
      .execute(),
  )
  await recordQueues(t, null, study.id)
  await fill('known_case', rows.knownCases, (one) =>
    t
      .insertInto('known_case')
      .values({ ...one, study_id: study.id, added_by: makerId })
      .execute(),
  )
  await recordStudy(t, { accountId: null, act: 'study.taken-in' }, study.id)
  await fill('roi_placement', rows.regions, async (region) => {
    if (region.assignment_id !== null) throw altered()
    const placed: Row<'roi_placement'> = { ...region, study_id: study.id, account_id: makerId }
    await t.insertInto('roi_placement').values(placed).execute()
    await record(t, { accountId: null, act: 'roi.placed', subject: placed.id, rowDigest: roiDigest(placed) })
  })
  await addVotes(t, row, account.id, own, work)
}

async function requireSame(t: Connection, study: StudyRows['study']): Promise<void> {
  const here = await t.selectFrom('study').selectAll().where('id', '=', study.id).executeTakeFirst()
  if (!here) return
  if (here.scale !== study.scale || here.design !== study.design || here.votes_encrypted !== study.votes_encrypted)
    throw new ConcordError(
      'packet-study-differs',
      'The study here has another scale or design than the packet. Nothing was changed: ask the lead who made it.',
    )
}

async function addStudyRow(t: Connection, study: StudyRows['study'], makerId: string): Promise<Row<'study'>> {
  const here = await t.selectFrom('study').selectAll().where('id', '=', study.id).executeTakeFirst()
  if (here) return here
  const row: Row<'study'> = {
    ...{ ...study, state: 'open', created_by: makerId, unblinded_at: null },
    // Neither can queues be drawn nor patients be told apart here.
    ...{ order_seed: '', pseudonym_key: '' },
  }
  await t.insertInto('study').values(row).execute()
  await record(t, { accountId: null, act: 'study.created', subject: row.id, rowDigest: studyMadeDigest(row) })
  return row
}

/** Letters are of this workstation: which one a reader has at home is not told. */
async function addLetter(t: Connection, studyId: string, readerId: string): Promise<void> {
  const readers = await t.selectFrom('study_reader').selectAll().where('study_id', '=', studyId).execute()
  if (readers.some((one) => one.account_id === readerId)) return
  const letter = readerLetters(readers.length + 1).at(-1)!
  await t.insertInto('study_reader').values({ study_id: studyId, account_id: readerId, letter }).execute()
}

/** Adds those rows that are not here yet, one after the other. */
const filler =
  (t: Connection, turn: () => Promise<void>) =>
  async <R extends { id: string }>(
    table: Parameters<typeof known>[1],
    rows: readonly R[],
    insert: (row: R) => Promise<unknown>,
  ): Promise<void> => {
    const there = await known(
      t,
      table,
      rows.map(({ id }) => id),
    )
    for (const row of rows) {
      await turn()
      if (!there.has(row.id)) await insert(row)
    }
  }
