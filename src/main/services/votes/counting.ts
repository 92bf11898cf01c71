import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql, type SqlBool } from 'kysely'
import type { Connection } from '../../store/database.ts'
import { contentColumns, rest } from '../../store/sealed/votes.ts'
import type { VoteReader } from '../sealing/index.ts'

/** A vote that counts: the newest revision of an assignment, unless that withdrew it. */
export interface CountingVote {
  scanId: string
  pseudonym: string
  patientId: string
  site: 'tibia' | 'radius' | 'calcaneus' | 'other'
  side: 'left' | 'right' | 'unknown'
  accountId: string
  letter: string
  displayName: string
  grade: number | null
  reason: string | null
  note: string | null
  worstSlice: number | null
  castAt: string
}

/** Scans whose votes are read at a time: some milliseconds, so that a vote never waits long. */
const SCANS = 50

/**
 * All counting votes of a study, by scan and then by the reader's letter. For those who may know them only; votes that are
 * sealed for whoever reads them here are left out.
 */
export async function countingVotes(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
): Promise<CountingVote[]> {
  const votes: CountingVote[] = []
  for await (const part of voteParts(connection, reader, studyId)) for (const vote of part) votes.push(vote)
  return votes
}

/** All of a study in the same order, some scans at a time: a million need not be in memory at once. */
export async function* voteParts(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
): AsyncGenerator<CountingVote[]> {
  for await (const ids of scanParts(connection, studyId)) yield await votesOn(connection, reader, studyId, ids)
}

/**
 * Identifiers of a study's scans by their pseudonyms, some at a time, with a turn for others after each.
 * @param others scans of other studies that go along, each in the part that its pseudonym belongs to
 */
export async function* scanParts(
  connection: Connection,
  studyId: string,
  others: readonly string[] = [],
): AsyncGenerator<string[]> {
  for (let after = '', full = true; full; await nextTurn()) {
    const scans = await connection
      .selectFrom('scan')
      .select(['id', 'pseudonym'])
      .where('study_id', '=', studyId)
      .where('pseudonym', '>', after)
      .orderBy('pseudonym')
      .limit(SCANS)
      .execute()
    full = scans.length === SCANS
    const last = scans.at(-1)?.pseudonym ?? after
    const along =
      others.length === 0
        ? []
        : await connection
            .selectFrom('scan')
            .select('id')
            .where('id', 'in', others)
            .where('pseudonym', '>', after)
            .$if(full, (some) => some.where('pseudonym', '<=', last))
            .execute()
    const ids = [...scans, ...along].map(({ id }) => id)
    if (ids.length > 0) yield ids
    after = last
  }
}

/** Named scans lie apart in a large file: fewer at a time take as long. */
const NAMED = 15

/** Of the scans that are named, some at a time. */
export async function* votePartsOn(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
  scanIds: readonly string[],
): AsyncGenerator<CountingVote[]> {
  for (let at = 0; at < scanIds.length; at += NAMED) {
    if (at > 0) await nextTurn()
    yield await votesOn(connection, reader, studyId, scanIds.slice(at, at + NAMED))
  }
}

async function votesOn(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
  scanIds: readonly string[],
): Promise<CountingVote[]> {
  const rows = await showings(connection, studyId)
    .select(['scan.id as scanId', 'scan.patient_id as patientId', 'assignment.account_id as accountId'])
    .where('assignment.kind', '=', 'primary')
    .where('assignment.scan_id', 'in', scanIds)
    .execute()
  return rows.flatMap((row) => {
    const said = reader.read(row)
    if (!said) return []
    const { grade, reason, note, worst_slice: worstSlice } = said
    return [{ ...rest(row), grade, reason, note, worstSlice }]
  })
}

/** Of a study's places in queues those that were voted on, each with its newest revision: by scan and the reader's letter. */
export const showings = (connection: Connection, studyId: string) =>
  connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .innerJoin('study_reader', (join) =>
      join
        .onRef('study_reader.account_id', '=', 'assignment.account_id')
        .onRef('study_reader.study_id', '=', 'assignment.study_id'),
    )
    .innerJoin('account', 'account.id', 'assignment.account_id')
    .select(['scan.pseudonym as pseudonym', 'scan.site as site', 'scan.side as side'])
    .select(['study_reader.letter as letter', 'account.display_name as displayName', 'vote.cast_at as castAt'])
    .select(contentColumns)
    .where('assignment.study_id', '=', studyId)
    .where('assignment.voted', '=', 1)
    .where(isNewestRevision)
    .orderBy('scan.pseudonym')
    .orderBy('study_reader.letter')

/** Of a query over `assignment` and `vote`: the revision is the newest of its assignment. */
export const isNewestRevision = sql<SqlBool>`vote.revision = (
  select max(newest.revision) from vote as newest where newest.assignment_id = assignment.id)`
