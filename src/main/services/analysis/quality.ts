import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Quality } from '../../../preload/contract/analysis.ts'
import { matchOf, type GradePair } from '../../domain/agreement/match.ts'
import { wilsonInterval } from '../../domain/agreement/wilson.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { casesOf, designOf } from '../design-of.ts'
import { inPortions } from '../../store/portions.ts'
import { contentColumns, rest } from '../../store/sealed/votes.ts'
import type { VoteReader } from '../sealing/index.ts'
import { isNewestRevision } from '../votes/counting.ts'

/** For the lead: how far each reader agrees with themselves, with the known grades, and follows the model. */
export function createQuality({ db, sealing }: Pick<ServiceBase, 'db' | 'sealing'>) {
  return {
    async of(caller: Caller, studyId: string): Promise<Quality> {
      const study = await studyOf(db, studyId)
      await refuseBlinded(db, caller, study)
      const scale = domainScale(study)
      const design = designOf(study)
      const reader = await sealing.forFigures(db, caller, study.id)
      const known = new Map((await casesOf(db, study.id)).map((one) => [one.scan_id, one.grade]))
      const readers = await db
        .selectFrom('study_reader')
        .select(['account_id', 'letter'])
        .where('study_id', '=', study.id)
        .orderBy('letter')
        .execute()
      const later = Array.from({ length: design.rounds - 1 }, (_, i) => i + 2)
      const found: Quality['readers'] = []
      // One after the other: each reader's portions leave a turn for others.
      for (const { account_id, letter } of readers) {
        const votes = await votesAgain(db, reader, study.id, account_id)
        const first = new Map(votes.filter((v) => v.kind === 'primary').map((v) => [v.scanId, v.grade]))
        const again = votes.filter((v) => v.kind === 'repeat' && v.follows === null && first.has(v.scanId))
        const inRound = (round: number) =>
          matchOf(
            again.filter((v) => v.round === round).map((v): GradePair => [first.get(v.scanId)!, v.grade]),
            scale,
          )
        const against = (kind: 'hidden' | 'calibration') =>
          matchOf(
            votes
              .filter((v) => v.kind === kind && known.has(v.scanId))
              .map((v): GradePair => [v.grade, known.get(v.scanId)!]),
            scale,
          )
        found.push({
          letter,
          repeats: inRound(1),
          rounds: later.map((round) => ({ round, ...inRound(round) })),
          hidden: against('hidden'),
          calibration: against('calibration'),
          paired: design.pairedModelId === null ? null : await switches(db, study, design.pairedModelId, votes),
        })
      }
      return { shownModel: await nameOf(db, design.pairedModelId), readers: found }
    },
  }
}

async function nameOf(connection: Connection, modelId: string | null): Promise<string | null> {
  if (modelId === null) return null
  const row = await connection.selectFrom('model').select('name').where('id', '=', modelId).executeTakeFirst()
  return row?.name ?? null
}

type Voted = Awaited<ReturnType<typeof votesAt>>[number]

/** Places of a queue looked at a time: some milliseconds. */
const PLACES = 1000

/**
 * One reader's votes on the scans that they were shown more than once, or whose grade is known, in the order of the queue: of
 * the million of a department these are few, and no others are read.
 */
async function votesAgain(connection: Connection, reader: VoteReader, studyId: string, accountId: string) {
  const places = (kind: '=' | '!=') => placesOf(connection, studyId, accountId, kind)
  const again = await gathered(places('!='), () => true)
  if (again.length === 0) return []
  const scans = new Set(again.map(({ scan_id }) => scan_id))
  const first = await gathered(places('='), ({ scan_id }) => scans.has(scan_id))
  const ids = [...again, ...first].map(({ id }) => id)
  const rows = await inPortions(ids, (some) => votesAt(connection, reader, some), nextTurn)
  return rows.sort((a, b) => a.position - b.position)
}

/** The places that were voted on, of first showings (=) or of the others (!=): a piece of the queue at a time. */
async function* placesOf(connection: Connection, studyId: string, accountId: string, kind: '=' | '!=') {
  const queue = connection
    .selectFrom('assignment')
    .where('study_id', '=', studyId)
    .where('account_id', '=', accountId)
    .where('voted', '=', 1)
  const { last } = await queue.select(({ fn }) => fn.max('position').as('last')).executeTakeFirstOrThrow()
  for (let from = 0; from <= Number(last ?? -1); from += PLACES) {
    yield await queue
      .select(['id', 'scan_id'])
      .where('position', '>=', from)
      .where('position', '<', from + PLACES)
      .where('kind', kind, 'primary')
      .execute()
    await nextTurn()
  }
}

async function gathered<R>(parts: AsyncIterable<R[]>, wanted: (row: R) => boolean): Promise<R[]> {
  const rows: R[] = []
  for await (const part of parts) rows.push(...part.filter(wanted))
  return rows
}

async function votesAt(connection: Connection, reader: VoteReader, ids: readonly string[]) {
  const rows = await connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .select([
      'assignment.id as id',
      'assignment.scan_id as scanId',
      'assignment.kind as kind',
      'assignment.round as round',
      'assignment.follows as follows',
      'assignment.position as position',
    ])
    .select(contentColumns)
    .where('assignment.id', 'in', ids)
    .where(isNewestRevision)
    .execute()
  return rows.map((row) => ({ ...rest(row), grade: reader.read(row)!.grade }))
}

/** First and second votes of a paired reading, with the model's grade that was shown between them. */
async function switches(connection: Connection, study: Row<'study'>, modelId: string, votes: Voted[]) {
  const cut = domainScale(study).rescanFrom
  const byId = new Map(votes.map((vote) => [vote.id, vote]))
  const seconds = votes.flatMap((second) => {
    const first = second.follows === null ? undefined : byId.get(second.follows)
    return first ? [{ first: first.grade, second: second.grade, scanId: second.scanId }] : []
  })
  const predicted = (scanIds: readonly string[]) =>
    connection
      .selectFrom('prediction')
      .select(['scan_id', 'grade'])
      .where('model_id', '=', modelId)
      .where('scan_id', 'in', scanIds)
      .execute()
  const scanIds = seconds.map(({ scanId }) => scanId)
  const model = new Map((await inPortions(scanIds, predicted, nextTurn)).map((row) => [row.scan_id, row.grade]))
  const pairs = seconds.map(({ scanId, ...pair }) => ({ ...pair, model: model.get(scanId)! }))
  // "Cannot be graded" is as far from the model's grade as can be.
  const far = (grade: number | null, from: number): number => (grade === null ? Infinity : Math.abs(grade - from))
  const count = (of: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(of).length
  const switched = count((p) => p.first !== p.second)
  const n = pairs.length
  return {
    ...{ n, switched, rate: n === 0 ? null : switched / n, ci: wilsonInterval(switched, n) },
    towards: count((p) => far(p.second, p.model) < far(p.first, p.model)),
    away: count((p) => far(p.second, p.model) > far(p.first, p.model)),
    acrossCut:
      cut === null ? null : count((p) => p.first !== null && p.second !== null && p.first >= cut !== p.second >= cut),
    withModelBefore: count((p) => p.first === p.model),
    withModelAfter: count((p) => p.second === p.model),
  }
}
