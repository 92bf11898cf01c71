import type { Connection } from '../../store/database.ts'
import { contentColumns, rest } from '../../store/sealed/votes.ts'
import type { Caller } from '../context.ts'
import type { Sealing } from '../sealing/index.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'

/**
 * The vote that can still be taken back: the newest revision of all the reader's assignments, if it is a cast. After it
 * has been withdrawn there is none until the next vote; nor is there one where the known or the model's grade was shown
 * after it.
 */
export async function lastCast(connection: Connection, caller: Caller, studyId: string) {
  // A queue is read in its order: the newest vote is on the last place that has one or, withdrawn, on the first that has none.
  const places: string[] = []
  for (const [voted, end] of [
    [1, 'desc'],
    [0, 'asc'],
  ] as const) {
    const place = await connection
      .selectFrom('assignment')
      .select('id')
      .where('study_id', '=', studyId)
      .where('account_id', '=', caller.accountId)
      .where('voted', '=', voted)
      .where(isOfOpenRounds)
      .orderBy('position', end)
      .limit(1)
      .executeTakeFirst()
    if (place) places.push(place.id)
  }
  if (places.length === 0) return null
  const row = await connection
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .selectAll('assignment')
    .select(contentColumns)
    .where('vote.assignment_id', 'in', places)
    .orderBy('vote.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row || row.voteKind !== 'cast' || row.kind === 'calibration') return null
  const assignment = rest(row)
  const after = await connection
    .selectFrom('assignment')
    .select('follows')
    .where('study_id', '=', studyId)
    .where('account_id', '=', caller.accountId)
    .where('position', '=', row.position + 1)
    .executeTakeFirst()
  return after?.follows === row.id ? null : { assignment, vote: row }
}

/** The same with what it says; none where it was sealed before the reader's password was reset, as long as they cannot read it. */
export async function lastVote(connection: Connection, sealing: Sealing, caller: Caller, studyId: string) {
  const last = await lastCast(connection, caller, studyId)
  const said = last && (await sealing.forOwn(connection, caller, [last.vote])).read(last.vote)
  return said ? { assignment: last.assignment, grade: said.grade, reason: said.reason } : null
}
