import type { Design } from '../../../preload/contract/design.ts'
import type { QueueItem } from '../../../preload/contract/reading.ts'
import type { Connection } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { contentColumns } from '../../store/sealed/votes.ts'
import type { Caller } from '../context.ts'
import { isRadiograph, spacingOf } from '../regions/radiographs.ts'
import { ownRegion, regionOf, studyRegions } from '../regions/rows.ts'
import type { Sealing } from '../sealing/index.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'
import { stacksOf } from '../design-of.ts'
import { isNewestRevision } from '../votes/counting.ts'
import { earlierOf } from './earlier.ts'

// A reader's queue, as the desk does it (desk.ts): nothing is read but of the caller's own assignments.

const DAY = 86_400_000

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
