import type { Quality } from '../../../preload/contract/analysis.ts'
import { matchOf, type GradePair } from '../../domain/agreement/match.ts'
import { wilsonInterval } from '../../domain/agreement/wilson.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { casesOf, designOf } from '../design-of.ts'
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
      return {
        shownModel: await nameOf(db, design.pairedModelId),
        readers: await Promise.all(
          readers.map(async ({ account_id, letter }) => {
            const votes = await votesOf(db, reader, study.id, account_id)
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
            const later = Array.from({ length: design.rounds - 1 }, (_, i) => i + 2)
            return {
              letter,
              repeats: inRound(1),
              rounds: later.map((round) => ({ round, ...inRound(round) })),
              hidden: against('hidden'),
              calibration: against('calibration'),
              paired: design.pairedModelId === null ? null : await switches(db, study, design.pairedModelId, votes),
            }
          }),
        ),
      }
    },
  }
}

async function nameOf(connection: Connection, modelId: string | null): Promise<string | null> {
  if (modelId === null) return null
  const row = await connection.selectFrom('model').select('name').where('id', '=', modelId).executeTakeFirst()
  return row?.name ?? null
}

type Voted = Awaited<ReturnType<typeof votesOf>>[number]

async function votesOf(connection: Connection, reader: VoteReader, studyId: string, accountId: string) {
  const rows = await connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .select([
      'assignment.id as id',
      'assignment.scan_id as scanId',
      'assignment.kind as kind',
      'assignment.round as round',
      'assignment.follows as follows',
    ])
    .select(contentColumns)
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', accountId)
    .where('assignment.voted', '=', 1)
    .where(isNewestRevision)
    .orderBy('assignment.position')
    .execute()
  return rows.map((row) => ({ ...rest(row), grade: reader.read(row)!.grade }))
}

/** First and second votes of a paired reading, with the model's grade that was shown between them. */
async function switches(connection: Connection, study: Row<'study'>, modelId: string, votes: Voted[]) {
  const cut = domainScale(study).rescanFrom
  const byId = new Map(votes.map((vote) => [vote.id, vote]))
  const predictions = await connection
    .selectFrom('prediction')
    .innerJoin('scan', 'scan.id', 'prediction.scan_id')
    .select(['prediction.scan_id as scanId', 'prediction.grade as grade'])
    .where('model_id', '=', modelId)
    .where('scan.study_id', '=', study.id)
    .execute()
  const model = new Map(predictions.map(({ scanId, grade }) => [scanId, grade]))
  const pairs = votes.flatMap((second) => {
    const first = second.follows === null ? undefined : byId.get(second.follows)
    return first ? [{ first: first.grade, second: second.grade, model: model.get(second.scanId)! }] : []
  })
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
