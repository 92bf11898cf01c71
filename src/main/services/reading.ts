import { randomBytes } from 'node:crypto'
import type { Desk, QueueItem } from '../../preload/contract/reading.ts'
import { ConcordError } from '../domain/error.ts'
import { median } from '../domain/median.ts'
import { record, voteDigest } from '../store/audit.ts'
import type { Connection } from '../store/database.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import { isNewestRevision } from './votes.ts'
import { readsIn, requireGrade, scaleOf, studyOf, type Caller, type ServiceBase } from './context.ts'

export type Reading = ReturnType<typeof createReading>

/** One vote as the reader hands it in. */
export interface CastRequest {
  assignmentId: string
  grade: number | null
  reason: string | null
  shownAt: string
  worstSlice: number | null
  note: string | null
}

/**
 * The reader's desk. Every query here is bound to the caller's own assignments: nothing of another reader, a consensus
 * or a prediction is read, so nothing can be sent.
 */
export function createReading({ db, announce }: ServiceBase) {
  return {
    async desk(caller: Caller, studyId: string): Promise<Desk> {
      return deskOf(db, caller, await ownStudy(db, caller, studyId))
    },

    /** The vote, its audit entry and the queue's step are one transaction, on the disk before this returns. */
    async cast(caller: Caller, request: CastRequest): Promise<Desk> {
      const study = await db.transaction().execute(async (t) => {
        const assignment = await t
          .selectFrom('assignment')
          .selectAll()
          .where('id', '=', request.assignmentId)
          .where('account_id', '=', caller.accountId)
          .executeTakeFirst()
        if (!assignment)
          throw new ConcordError('assignment-unknown', 'This scan is not in your queue. Nothing was cast.')
        const study = await studyOf(t, assignment.study_id)
        requireOpen(study)
        if (request.grade !== null) requireGrade(scaleOf(study), request.grade)
        const [next] = await waiting(t, caller, study.id, 1)
        if (next?.assignmentId !== assignment.id)
          throw new ConcordError(
            'vote-not-next',
            'This scan is not the next of your queue. Your earlier votes are safe.',
          )
        await addRevision(t, caller, assignment, {
          kind: 'cast',
          grade: request.grade,
          reason: request.reason,
          note: request.note,
          worst_slice: request.worstSlice,
          shown_at: request.shownAt,
          confidence: null,
          stack_grades: null,
          looked_ms: null,
        })
        return study
      })
      announce.studyChanged(study.id)
      return deskOf(db, caller, study)
    },

    /** A new revision that withdraws the last vote; the scan is the next of the queue again. */
    async undo(caller: Caller, studyId: string): Promise<Desk> {
      const study = await ownStudy(db, caller, studyId)
      await db.transaction().execute(async (t) => {
        requireOpen(await studyOf(t, studyId))
        const last = await lastCast(t, caller, studyId)
        if (!last) throw new ConcordError('nothing-to-undo', 'There is no vote to take back; only the last one can be.')
        await addRevision(t, caller, last.assignment, {
          kind: 'withdrawn',
          grade: null,
          reason: null,
          note: null,
          worst_slice: null,
          shown_at: null,
          confidence: null,
          stack_grades: null,
          looked_ms: null,
        })
      })
      announce.studyChanged(study.id)
      return deskOf(db, caller, study)
    },

    async progress(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const votes = await db
        .selectFrom('assignment')
        .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
        .select(['vote.cast_at as castAt', 'vote.shown_at as shownAt'])
        .where('assignment.study_id', '=', study.id)
        .where('assignment.account_id', '=', caller.accountId)
        .where('assignment.voted', '=', 1)
        .where(isNewestRevision)
        .orderBy('vote.cast_at')
        .execute()
      const byDay = new Map<string, number>()
      for (const { castAt } of votes) byDay.set(castAt.slice(0, 10), (byDay.get(castAt.slice(0, 10)) ?? 0) + 1)
      const seconds = votes.flatMap(({ castAt, shownAt }) =>
        shownAt ? [Math.max(0, (Date.parse(castAt) - Date.parse(shownAt)) / 1000)] : [],
      )
      return {
        ...(await counts(db, caller, study.id)),
        today: byDay.get(now().slice(0, 10)) ?? 0,
        medianSeconds: median(seconds),
        byDay: [...byDay].map(([day, count]) => ({ day, count })),
      }
    },
  }
}

async function ownStudy(connection: Connection, caller: Caller, studyId: string): Promise<Row<'study'>> {
  const study = await connection.selectFrom('study').selectAll().where('id', '=', studyId).executeTakeFirst()
  if (!study || study.state === 'draft' || !(await readsIn(connection, studyId, caller.accountId)))
    throw new ConcordError('study-unknown', 'You do not read in this study. Go back to the list of studies.')
  return study
}

function requireOpen(study: Row<'study'>): void {
  if (study.state !== 'open')
    throw new ConcordError('study-not-open', 'The reading of this study is closed. The votes you cast before are kept.')
}

async function deskOf(connection: Connection, caller: Caller, study: Row<'study'>): Promise<Desk> {
  const open = study.state === 'open'
  const [current, ...ahead] = open ? await waiting(connection, caller, study.id, 3) : []
  const last = open ? await lastCast(connection, caller, study.id) : null
  return {
    studyId: study.id,
    title: study.title,
    open,
    scale: scaleOf(study),
    current: current ?? null,
    ahead,
    ...(await counts(connection, caller, study.id)),
    undoable: last && {
      assignmentId: last.assignment.id,
      position: last.assignment.position,
      grade: last.grade,
      reason: last.reason,
    },
  }
}

async function waiting(connection: Connection, caller: Caller, studyId: string, limit: number): Promise<QueueItem[]> {
  const rows = await connection
    .selectFrom('assignment')
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .select([
      'assignment.id as assignmentId',
      'scan.id as scanId',
      'assignment.position as position',
      'scan.pseudonym as pseudonym',
      'scan.site as site',
      'scan.side as side',
      'scan.dims as dims',
      'scan.unit as unit',
      'scan.warnings as warnings',
    ])
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', caller.accountId)
    .where('assignment.voted', '=', 0)
    .orderBy('assignment.position')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...row,
    dims: JSON.parse(row.dims) as [number, number, number],
    warnings: JSON.parse(row.warnings) as string[],
  }))
}

async function counts(connection: Connection, caller: Caller, studyId: string) {
  const row = await connection
    .selectFrom('assignment')
    .select(({ fn }) => [fn.countAll<number>().as('total'), fn.sum<number>('voted').as('done')])
    .where('study_id', '=', studyId)
    .where('account_id', '=', caller.accountId)
    .executeTakeFirstOrThrow()
  return { total: Number(row.total), done: Number(row.done ?? 0) }
}

/**
 * The vote that can still be taken back: the newest revision of all the reader's assignments, if it is a cast. After it
 * has been withdrawn there is none until the next vote.
 */
export async function lastCast(connection: Connection, caller: Caller, studyId: string) {
  const row = await connection
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .selectAll('assignment')
    .select(['vote.kind as voteKind', 'vote.grade as grade', 'vote.reason as reason'])
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', caller.accountId)
    .orderBy('vote.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row || row.voteKind !== 'cast') return null
  const { voteKind: _, grade, reason, ...assignment } = row
  return { assignment, grade, reason }
}

type VoteContent =
  | ('kind' | 'grade' | 'reason' | 'note' | 'worst_slice' | 'shown_at')
  | ('confidence' | 'stack_grades' | 'looked_ms')

async function addRevision(
  connection: Connection,
  caller: Caller,
  assignment: Row<'assignment'>,
  content: Pick<Row<'vote'>, VoteContent>,
): Promise<void> {
  const { latest } = await connection
    .selectFrom('vote')
    .select(({ fn }) => fn.max('revision').as('latest'))
    .where('assignment_id', '=', assignment.id)
    .executeTakeFirstOrThrow()
  const vote: Row<'vote'> = {
    id: newId(),
    assignment_id: assignment.id,
    revision: Number(latest ?? 0) + 1,
    ...content,
    cast_at: now(),
    salt: randomBytes(16).toString('hex'),
  }
  await connection.insertInto('vote').values(vote).execute()
  await connection
    .updateTable('assignment')
    .set({ voted: vote.kind === 'cast' ? 1 : 0 })
    .where('id', '=', assignment.id)
    .execute()
  await record(connection, {
    accountId: caller.accountId,
    act: `vote.${vote.kind}`,
    subject: vote.id,
    rowDigest: voteDigest(vote),
  })
}
