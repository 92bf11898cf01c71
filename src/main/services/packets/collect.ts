import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import { inPortions } from '../../store/portions.ts'
import type { Row } from '../../store/schema.ts'
import { casesOf, designOf, isConcealed } from '../design-of.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'
import { only, shapes, type StudyRows, type VoteRows } from './rows.ts'
import { turns, type Work } from './work.ts'

/** A reader's own votes in a study, with the keys they were sealed with. Of rounds that can be read. */
export async function votesFor(t: Connection, studyId: string, readerId: string): Promise<VoteRows> {
  const votes = await t
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .selectAll('vote')
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', readerId)
    .where(isOfOpenRounds)
    .orderBy('vote.id')
    .execute()
  const used = new Set(votes.flatMap(({ reader_key_id }) => reader_key_id ?? []))
  const keys = await t
    .selectFrom('reader_key')
    .innerJoin('study_key', 'study_key.id', 'reader_key.study_key_id')
    .selectAll('reader_key')
    .where('study_key.study_id', '=', studyId)
    .where('reader_key.account_id', '=', readerId)
    .orderBy('reader_key.id')
    .execute()
  const shares = await t
    .selectFrom('reader_key_share')
    .innerJoin('reader_key', 'reader_key.id', 'reader_key_share.reader_key_id')
    .selectAll('reader_key_share')
    .where('reader_key.account_id', '=', readerId)
    .execute()
  const regions = await t
    .selectFrom('roi_placement')
    .innerJoin('assignment', 'assignment.id', 'roi_placement.assignment_id')
    .selectAll('roi_placement')
    .where('roi_placement.study_id', '=', studyId)
    .where('roi_placement.account_id', '=', readerId)
    .where('assignment.account_id', '=', readerId)
    .where(isOfOpenRounds)
    .orderBy('roi_placement.id')
    .execute()
  return {
    votes: votes.map((row) => only(shapes.vote, row)),
    readerKeys: keys.filter(({ id }) => used.has(id)).map((row) => only(shapes.readerKey, row)),
    readerShares: shares
      .filter(({ reader_key_id }) => used.has(reader_key_id))
      .map((row) => only(shapes.readerShare, row)),
    regions: regions.map((row) => only(shapes.region, row)),
  }
}

/**
 * The reader of a packet, with the keys that votes are signed with. Errors: `packet-paired`, `packet-reader-unknown`,
 * `packet-reader-keyless`.
 */
export async function readerFor(t: Connection, study: Row<'study'>, readerId: string) {
  if (designOf(study).pairedModelId !== null)
    throw new ConcordError(
      'packet-paired',
      'In this study the model’s grade is shown after the own first vote. The file would have to hold these grades, and whoever has it could read them before voting: such a study is read at its own workstations alone.',
    )
  const account = await t
    .selectFrom('account')
    .innerJoin('study_reader', 'study_reader.account_id', 'account.id')
    .selectAll('account')
    .where('account.id', '=', readerId)
    .where('account.state', '=', 'active')
    .where('study_reader.study_id', '=', study.id)
    .executeTakeFirst()
  if (!account)
    throw new ConcordError('packet-reader-unknown', 'Nobody of that name with an open account reads in this study.')
  const accountKeys = await t
    .selectFrom('account_key')
    .selectAll()
    .where('account_id', '=', readerId)
    .orderBy('id')
    .execute()
  const accountLocks = await t
    .selectFrom('account_key_lock')
    .innerJoin('account_key', 'account_key.id', 'account_key_lock.key_id')
    .selectAll('account_key_lock')
    .where('account_key.account_id', '=', readerId)
    .execute()
  const newest = accountKeys.at(-1)
  if (account.must_change === 1 || !newest || !accountLocks.some(({ key_id }) => key_id === newest.id))
    throw new ConcordError(
      'packet-reader-keyless',
      'This reader has no key to sign with yet. Let them sign in here once, with a password of their own.',
    )
  return { account, accountKeys, accountLocks }
}

/**
 * What one reader needs of a study: nothing of other readers, no hidden case's grade, no key of the study's votes but the
 * public one, nothing by which patients are told apart or queues are drawn. Errors: `packet-paired`,
 * `packet-reader-unknown`, `packet-reader-keyless`, `packet-queue-empty`.
 */
export async function studyFor(
  t: Connection,
  study: Row<'study'>,
  readerId: string,
  work: Work = {},
): Promise<StudyRows> {
  const turn = turns(work)
  const design = designOf(study)
  const { account, accountKeys, accountLocks } = await readerFor(t, study, readerId)
  await turn()
  const assignments = await t
    .selectFrom('assignment')
    .selectAll()
    .where('study_id', '=', study.id)
    .where('account_id', '=', readerId)
    .where(isOfOpenRounds)
    .orderBy('position')
    .execute()
  if (assignments.length === 0)
    throw new ConcordError('packet-queue-empty', 'There is nothing in this reader’s queue to take along.')
  await turn()
  const cases = (await casesOf(t, study.id)).filter(({ use }) => use !== 'hidden')
  const queue = new Set([...assignments, ...cases].map((row) => row.scan_id))
  const concealed = await isConcealed(t, study)
  // A known case of another study has a pseudonym that one of this study's scans may have too; where scans are shown under
  // codes none is needed, and none tells in the file which of them are known.
  const nameOf = (row: { id: string; study_id: string; pseudonym: string }): string =>
    row.study_id === study.id && !concealed ? row.pseudonym : `K-${row.id}`
  // A reader is shown earlier scans of the same patient beside the one to be graded.
  const patients = await inPortions(
    [...queue],
    (ids) => t.selectFrom('scan').select('patient_id as id').distinct().where('id', 'in', ids).execute(),
    turn,
  )
  const ofPatients = await inPortions(
    [...new Set(patients.map(({ id }) => id))],
    (ids) => t.selectFrom('scan').selectAll().where('patient_id', 'in', ids).execute(),
    turn,
  )
  const scans = ofPatients
    .filter((scan) => queue.has(scan.id) || (scan.study_id === study.id && scan.purpose === 'reading'))
    // So does what a scan was imported for: those that no reader was to grade are known cases here.
    .map((scan) => ({ ...scan, pseudonym: nameOf(scan), purpose: 'reading' as const }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const scanIds = scans.map(({ id }) => id)
  const patientRows = await inPortions(
    [...new Set(scans.map((scan) => scan.patient_id))],
    (ids) => t.selectFrom('patient').selectAll().where('id', 'in', ids).execute(),
    turn,
  )
  const days = await inPortions(
    scanIds,
    (ids) => t.selectFrom('scan_day').selectAll().where('scan_id', 'in', ids).execute(),
    turn,
  )
  const again = await t
    .selectFrom('reading_again')
    .select(({ fn }) => fn.max('first_round').as('first'))
    .where('study_id', '=', study.id)
    .executeTakeFirst()
  await turn()
  const studyKeys = await t
    .selectFrom('study_key')
    .selectAll()
    .where('study_id', '=', study.id)
    .orderBy('generation')
    .execute()
  const opened = await t
    .selectFrom('study_key_opened')
    .innerJoin('study_key', 'study_key.id', 'study_key_opened.study_key_id')
    .selectAll('study_key_opened')
    .where('study_key.study_id', '=', study.id)
    .execute()
  const regions =
    design.region.ask === 'shared'
      ? await inPortions(
          scanIds,
          (ids) =>
            t
              .selectFrom('roi_placement')
              .selectAll()
              .where('study_id', '=', study.id)
              .where('assignment_id', 'is', null)
              .where('scan_id', 'in', ids)
              .execute(),
          turn,
        )
      : []
  return {
    study: only(shapes.study, {
      ...study,
      // Nothing that the order is drawn from, left out as an earlier version's packets leave it out.
      design: JSON.stringify({ ...design, seed: undefined, region: { ...design.region, placers: [] } }),
    }),
    account: only(shapes.account, account),
    accountKeys: accountKeys.map((row) => only(shapes.accountKey, row)),
    accountLocks: accountLocks.map((row) => only(shapes.accountLock, row)),
    studyKeys: studyKeys.map((row) => only(shapes.studyKey, row)),
    // Where the reading was opened again: that the pair before is done with is known by its private half alone.
    studyKeysOpened: opened.map((row) => only(shapes.studyKeyOpened, row)),
    patients: patientRows.map((row) => only(shapes.patient, { ...row, pseudonym: nameOf(row) })),
    scans: scans.map((row) => only(shapes.scan, row)),
    scanDays: days.map((row) => only(shapes.scanDay, row)),
    // Which scan is a known case among the others is not needed there, and not told.
    assignments: assignments.map((row) =>
      only(shapes.assignment, { ...row, kind: row.kind === 'hidden' ? 'primary' : row.kind }),
    ),
    knownCases: cases.map((row) => only(shapes.knownCase, row)),
    regions: regions.map((row) => only(shapes.region, row)),
    firstRound: Number(again?.first ?? 0),
    own: await votesFor(t, study.id, readerId),
  }
}
