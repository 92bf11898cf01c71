import type { Desk, Place } from '../../../preload/contract/reading.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { readsIn, scaleOf, type Caller } from '../context.ts'
import type { Sealing } from '../sealing/index.ts'
import { designOf } from '../design-of.ts'
import { lastVote } from './last-vote.ts'
import { nextItems } from './queue.ts'

// The reader's desk. Every query here is bound to the caller's own assignments: nothing of another reader, a consensus or
// a prediction is read, so nothing can be sent. The one prediction that is, a paired design's, is read only for a second
// vote whose first is cast.

export async function ownStudy(connection: Connection, caller: Caller, studyId: string): Promise<Row<'study'>> {
  const study = await connection.selectFrom('study').selectAll().where('id', '=', studyId).executeTakeFirst()
  if (!study || study.state === 'draft' || !(await readsIn(connection, studyId, caller.accountId)))
    throw new ConcordError('study-unknown', 'You do not read in this study. Go back to the list of studies.')
  return study
}

export async function deskOf(
  connection: Connection,
  sealing: Sealing,
  caller: Caller,
  study: Row<'study'>,
): Promise<Desk> {
  const open = study.state === 'open'
  const design = designOf(study)
  const { round, opensAt, items } = open
    ? await nextItems(connection, sealing, caller, study, design)
    : { round: 1, opensAt: null, items: [] }
  const [current, ...rest] = items
  const last = open ? await lastVote(connection, sealing, caller, study.id) : null
  return {
    studyId: study.id,
    title: study.title,
    open,
    scale: scaleOf(study),
    current: current?.item ?? null,
    // A second vote is on the pictures that are shown already.
    ahead: rest
      .filter(({ follows }) => follows === null)
      .slice(0, 2)
      .map(({ item }) => item),
    ...(await counts(connection, caller, study.id, design.rounds > 1 ? round : null)),
    undoable: last && {
      assignmentId: last.assignment.id,
      position: last.assignment.place ?? last.assignment.position,
      grade: last.grade,
      reason: last.reason,
    },
    ask: {
      ...{ confidence: design.confidence, worstSlice: design.worstSlice },
      ...{ region: design.region.ask, regionRequired: design.region.required },
    },
    round,
    rounds: design.rounds,
    opensAt,
    feedback: null,
    place: current ? await placeOf(connection, caller, study.id, current.item.assignmentId) : null,
  }
}

/** Of one round, or of all. A second vote is no scan more. */
export async function counts(connection: Connection, caller: Caller, studyId: string, round: number | null = null) {
  const rows = await connection
    .selectFrom('assignment')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('total'), fn.sum<number>('voted').as('done')])
    .where('study_id', '=', studyId)
    .where('account_id', '=', caller.accountId)
    .where('follows', 'is', null)
    .$if(round !== null, (query) => query.where('round', '=', round!))
    .groupBy('kind')
    .execute()
  const sum = (of: typeof rows) => ({
    total: of.reduce((all, row) => all + Number(row.total), 0),
    done: of.reduce((all, row) => all + Number(row.done ?? 0), 0),
  })
  return { ...sum(rows), calibration: sum(rows.filter((row) => row.kind === 'calibration')) }
}

async function placeOf(connection: Connection, caller: Caller, studyId: string, assignmentId: string) {
  const row = await connection
    .selectFrom('reading_place')
    .select('place')
    .where('account_id', '=', caller.accountId)
    .where('study_id', '=', studyId)
    .where('assignment_id', '=', assignmentId)
    .executeTakeFirst()
  return row ? (JSON.parse(row.place) as Place) : null
}
