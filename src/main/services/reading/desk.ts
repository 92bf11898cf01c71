import type { Desk, Place, QueueItem } from '../../../preload/contract/reading.ts'
import type { Design } from '../../../preload/contract/design.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { readsIn, scaleOf, type Caller } from '../context.ts'
import { designOf, stacksOf } from '../studies/design-of.ts'
import { earlierOf } from './earlier.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'
import { ownRegion, regionOf, studyRegions } from '../regions/rows.ts'
import { isRadiograph, spacingOf } from '../regions/index.ts'
import { contentColumns, rest } from '../../store/sealed/votes.ts'
import type { Sealing } from '../sealing/index.ts'
import { isNewestRevision } from '../votes/counting.ts'

// The reader's desk. Every query here is bound to the caller's own assignments: nothing of another reader, a consensus or
// a prediction is read, so nothing can be sent. The one prediction that is, a paired design's, is read only for a second
// vote whose first is cast.

const DAY = 86_400_000

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

/** The scan in front and those after it, of the round that is going on. */
export async function nextItems(
  connection: Connection,
  sealing: Sealing,
  caller: Caller,
  study: Row<'study'>,
  design: Design,
) {
  // Second votes stand between the others: enough of both for two ahead.
  const rows = await waiting(connection, caller, study.id, design.pairedModelId === null ? 3 : 6)
  const round = rows[0]?.round ?? design.rounds
  const opensAt = rows.length > 0 ? await startOf(connection, caller, study.id, round, design) : null
  if (opensAt !== null && opensAt > now()) return { round, opensAt, items: [] }
  const own = rows.filter((row) => row.round === round)
  const second = own[0]?.follows ? await secondOf(connection, sealing, caller, own[0], design) : null
  const earlier = own[0] ? await earlierOf(connection, own[0]) : []
  const regions = await Promise.all(own.map((row) => regionFor(connection, study.id, row, design)))
  return {
    round,
    opensAt: null,
    items: own.map((row, index) => {
      const item = { ...itemOf(row, design, index === 0 ? second : null), region: regions[index]! }
      return { follows: row.follows, item: index === 0 ? { ...item, earlier } : item }
    }),
  }
}

type Waiting = Awaited<ReturnType<typeof waiting>>[number]

function waiting(connection: Connection, caller: Caller, studyId: string, limit: number) {
  return connection
    .selectFrom('assignment')
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .select([
      'assignment.id as assignmentId',
      'assignment.follows as follows',
      'assignment.kind as kind',
      'assignment.round as round',
      'assignment.position as position',
      'assignment.place as place',
      'assignment.code as code',
      'scan.id as scanId',
      'scan.pseudonym as pseudonym',
      'scan.site as site',
      'scan.side as side',
      'scan.dims as dims',
      'scan.spacing as spacing',
      'scan.unit as unit',
      'scan.warnings as warnings',
    ])
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', caller.accountId)
    .where('assignment.voted', '=', 0)
    .where(isOfOpenRounds)
    .orderBy('assignment.position')
    .limit(limit)
    .execute()
}

/** What the reader may know of a row. Its kind is said for calibration alone: a repeat or a known case looks like any other. */
function itemOf(row: Waiting, design: Design, second: QueueItem['second']): Omit<QueueItem, 'region'> {
  const dims = JSON.parse(row.dims) as [number, number, number]
  return {
    assignmentId: row.assignmentId,
    scanId: row.follows ?? row.assignmentId,
    position: row.place ?? row.position,
    pseudonym: row.code ?? row.pseudonym,
    site: row.site,
    side: row.side,
    dims,
    unit: row.unit,
    warnings: JSON.parse(row.warnings) as string[],
    stacks: stacksOf(dims[2], design),
    calibration: row.kind === 'calibration',
    second,
  }
}

/** The own region on this place of the queue, so that a scan shown twice does not give itself away; or the one shared by all. */
async function regionFor(
  connection: Connection,
  studyId: string,
  row: Waiting,
  { region: { ask } }: Design,
): Promise<QueueItem['region']> {
  if (ask === 'off' || !isRadiograph(row)) return null
  const placed =
    ask === 'own'
      ? await ownRegion(connection, row.follows ?? row.assignmentId)
      : (await studyRegions(connection, studyId, [row.scanId])).get(row.scanId)
  const spacing = spacingOf(row)?.[0] ?? null
  return { spacing, placed: placed ? regionOf(placed) : null }
}

/** The model's grade and the own first vote, once that is cast. */
async function secondOf(
  connection: Connection,
  sealing: Sealing,
  caller: Caller,
  row: Pick<Waiting, 'follows' | 'scanId'>,
  { pairedModelId }: Design,
): Promise<QueueItem['second']> {
  const first = await connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .select(contentColumns)
    .where('assignment.id', '=', row.follows)
    .where('assignment.voted', '=', 1)
    .where(isNewestRevision)
    .executeTakeFirst()
  if (!first || pairedModelId === null) return null
  const model = await connection
    .selectFrom('prediction')
    .select('grade')
    .where('model_id', '=', pairedModelId)
    .where('scan_id', '=', row.scanId)
    .executeTakeFirst()
  const said = (await sealing.forOwn(connection, caller, [first])).read(first)
  return model ? { modelGrade: model.grade, firstGrade: said?.grade ?? null, firstReason: said?.reason ?? null } : null
}

/** When a round after the first begins: so many days after this reader's last vote of the one before. */
async function startOf(connection: Connection, caller: Caller, studyId: string, round: number, design: Design) {
  // A round beyond the design's is of other scans (open-rounds.ts): nobody has to forget them first.
  if (round === 1 || round > design.rounds || design.roundGapDays === 0) return null
  const { last } = await connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .select(({ fn }) => fn.max('vote.cast_at').as('last'))
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', caller.accountId)
    .where('assignment.round', '=', round - 1)
    .executeTakeFirstOrThrow()
  return last === null ? null : new Date(Date.parse(last) + design.roundGapDays * DAY).toISOString()
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
async function lastVote(connection: Connection, sealing: Sealing, caller: Caller, studyId: string) {
  const last = await lastCast(connection, caller, studyId)
  const said = last && (await sealing.forOwn(connection, caller, [last.vote])).read(last.vote)
  return said ? { assignment: last.assignment, grade: said.grade, reason: said.reason } : null
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
