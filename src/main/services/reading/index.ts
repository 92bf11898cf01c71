import { randomBytes } from 'node:crypto'
import type { Desk } from '../../../preload/contract/reading.ts'
import { ConcordError } from '../../domain/error.ts'
import { localDay } from '../../domain/local-day.ts'
import { median } from '../../domain/median.ts'
import { record, voteDigest } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { nextId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { isNewestRevision } from '../votes/counting.ts'
import { ownPlaces } from '../votes/own-places.ts'
import { feedbackOn } from './calibration.ts'
import { studyOf, type Caller, type ServiceBase } from '../context.ts'
import { counts, deskOf, ownStudy } from './desk.ts'
import { lastCast } from './last-vote.ts'
import { nextItems } from './queue.ts'
import { designOf } from '../design-of.ts'
import { ballotOf, type CastRequest } from './ballot.ts'
import type { Sealing } from '../sealing/index.ts'

/** What a reader does at the desk (desk.ts): votes, takes the last one back, looks at the own progress. */
export function createReading({ db, announce, sealing }: ServiceBase) {
  return {
    async desk(caller: Caller, studyId: string): Promise<Desk> {
      return deskOf(db, sealing, caller, await ownStudy(db, caller, studyId))
    },

    /**
     * The vote, its audit entry and the queue's step are one transaction, on the disk before this returns. Where the answer to
     * it was lost on its way, the same request is answered again and nothing is cast twice.
     */
    async cast(caller: Caller, request: CastRequest): Promise<Desk> {
      const { study, assignment } = await db.transaction().execute(async (t) => {
        const assignment = await t
          .selectFrom('assignment')
          .selectAll()
          .where('id', '=', request.assignmentId)
          .where('account_id', '=', caller.accountId)
          .executeTakeFirst()
        if (!assignment)
          throw new ConcordError('assignment-unknown', 'This scan is not in your queue. Nothing was cast.')
        const study = await studyOf(t, assignment.study_id)
        if (await isKnown(t, assignment, request)) return { study, assignment }
        requireOpen(study)
        const { items } = await nextItems(t, sealing, caller, study, designOf(study))
        const next = items[0]?.item
        if (next?.assignmentId !== assignment.id)
          throw new ConcordError(
            'vote-not-next',
            'This scan is not the next of your queue. Your earlier votes are safe.',
          )
        const { request: name = null } = request
        const said = { kind: 'cast' as const, request: name, ...ballotOf(study, next, request) }
        await addRevision(t, sealing, caller, study, assignment, said)
        return { study, assignment }
      })
      announce.studyChanged(study.id)
      const desk = await deskOf(db, sealing, caller, study)
      if (assignment.kind !== 'calibration') return desk
      return { ...desk, feedback: await feedbackOn(db, sealing, caller, assignment, desk.calibration) }
    },

    /** A new revision that withdraws the last vote; the scan is the next of the queue again. */
    async undo(caller: Caller, studyId: string): Promise<Desk> {
      const study = await ownStudy(db, caller, studyId)
      await db.transaction().execute(async (t) => {
        const current = await studyOf(t, studyId)
        requireOpen(current)
        const last = await lastCast(t, caller, studyId)
        if (!last) throw new ConcordError('nothing-to-undo', 'There is no vote to take back; only the last one can be.')
        await addRevision(t, sealing, caller, current, last.assignment, {
          kind: 'withdrawn',
          grade: null,
          reason: null,
          note: null,
          worst_slice: null,
          shown_at: null,
          confidence: null,
          stack_grades: null,
          looked_ms: null,
          request: null,
        })
      })
      announce.studyChanged(study.id)
      return deskOf(db, sealing, caller, study)
    },

    async progress(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const byDay = new Map<string, number>()
      const seconds: number[] = []
      for await (const votes of ownTimes(db, caller, study.id))
        for (const { castAt, shownAt, lookedMs } of votes) {
          const day = localDay(new Date(castAt))
          byDay.set(day, (byDay.get(day) ?? 0) + 1)
          // Time spent looking; votes from before it was kept say when the picture showed, without the pauses.
          if (lookedMs !== null) seconds.push(lookedMs / 1000)
          else if (shownAt) seconds.push(Math.max(0, (Date.parse(castAt) - Date.parse(shownAt)) / 1000))
        }
      const { total, done } = await counts(db, caller, study.id)
      return {
        ...{ total, done },
        today: byDay.get(localDay(new Date())) ?? 0,
        medianSeconds: median(seconds),
        timed: seconds.length,
        byDay: [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, count })),
      }
    },
  }
}

/** When the reader's own votes that count were cast, and how long they took; in the order of the queue, some at a time. */
async function* ownTimes(connection: Connection, { accountId }: Caller, studyId: string) {
  for await (const ids of ownPlaces(connection, { studyId, accountId, voted: true }))
    yield await connection
      .selectFrom('assignment')
      .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
      .select(['vote.cast_at as castAt', 'vote.shown_at as shownAt', 'vote.looked_ms as lookedMs'])
      .where('assignment.id', 'in', ids)
      .where(isNewestRevision)
      .orderBy('assignment.position')
      .execute()
}

function requireOpen(study: Row<'study'>): void {
  if (study.state !== 'open')
    throw new ConcordError('study-not-open', 'The reading of this study is closed. The votes you cast before are kept.')
}

/** Error: `request-used` where another vote has this name. */
async function isKnown(t: Connection, assignment: Row<'assignment'>, { request }: CastRequest): Promise<boolean> {
  if (!request) return false
  const same = await t.selectFrom('vote').select('assignment_id').where('request', '=', request).executeTakeFirst()
  if (same && same.assignment_id !== assignment.id)
    throw new ConcordError('request-used', 'This request was for another scan. Nothing was cast.')
  return same !== undefined
}

type VoteContent =
  | ('kind' | 'grade' | 'reason' | 'note' | 'worst_slice' | 'shown_at')
  | ('confidence' | 'stack_grades' | 'looked_ms' | 'request')

async function addRevision(
  connection: Connection,
  sealing: Sealing,
  caller: Caller,
  study: Row<'study'>,
  assignment: Pick<Row<'assignment'>, 'id'>,
  { kind, shown_at, looked_ms, request, ...said }: Pick<Row<'vote'>, VoteContent>,
): Promise<void> {
  const { latest } = await connection
    .selectFrom('vote')
    .select(({ fn }) => fn.max('revision').as('latest'))
    .where('assignment_id', '=', assignment.id)
    .executeTakeFirstOrThrow()
  const place = {
    id: await nextId(connection, 'vote'),
    assignment_id: assignment.id,
    revision: Number(latest ?? 0) + 1,
    kind,
  }
  const vote: Row<'vote'> = {
    ...place,
    ...(await sealing.columns(connection, caller, study, place, said)),
    ...{ shown_at, looked_ms, request, cast_revision: null },
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
