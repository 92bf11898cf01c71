import type { AgreementReport, Overview, OverviewFilter } from '../../preload/contract/analysis.ts'
import type { RescanFigure } from '../domain/agreement/report.ts'
import type { Statistics } from '../statistics/host.ts'
import type { Answer } from '../statistics/question.ts'
import type { Connection } from '../store/database.ts'
import type { Row } from '../store/schema.ts'
import { isUnblinded, refuseBlinded, scaleOf, studyOf, type Caller, type ServiceBase } from './context.ts'
import type { Studies } from './studies.ts'
import { createVoteStore } from './vote-columns.ts'
import { countingVotes, type CountingVote } from './votes.ts'

export type Analysis = ReturnType<typeof createAnalysis>

/** Seed of the bootstrap on the lead's page: the same votes give the same interval each time. */
const bootstrapSeed = 1

export function createAnalysis({
  db,
  statistics,
  studies,
}: Pick<ServiceBase, 'db'> & { statistics: Statistics; studies: Studies }) {
  async function openTo(caller: Caller, studyId: string): Promise<Row<'study'>> {
    const study = await studyOf(db, studyId)
    await refuseBlinded(db, caller, study)
    return study
  }

  const store = createVoteStore(db)

  /** Agreement of the votes as they are now; readers are named by their letters. */
  async function agreement(study: Row<'study'>, bootstrap: number, filter: OverviewFilter = {}): Promise<Answer> {
    const scale = scaleOf(study)
    return statistics.ask({
      votes: await store.columns(study),
      categories: scale.grades.map((g) => g.value),
      filter,
      options: { rescanFrom: scale.rescanFrom, bootstrap, seed: bootstrapSeed },
    })
  }

  return {
    async overview(caller: Caller, studyId: string, filter: OverviewFilter = {}): Promise<Overview> {
      const study = await openTo(caller, studyId)
      const { report, bySite, byPair, byMonth, readers, disputed } = await agreement(study, 1000, filter)
      return {
        study: await studies.get(caller, studyId),
        ...(await progressOf(db, study, readers)),
        agreement: report,
        rescanBySite: bySite
          .map(({ site, rescan }) => ({ site: site as CountingVote['site'], ...rateOf(rescan) }))
          .filter(({ n }) => n > 0),
        rescanByPair: byPair.map(({ raters, rescan }) => ({ raters, ...rateOf(rescan) })),
        rescanByMonth: byMonth.map(({ month, rescan }) => ({ month, ...rateOf(rescan) })).filter(({ n }) => n > 0),
        disputed,
      }
    },

    async agreement(caller: Caller, studyId: string, bootstrap = 1000): Promise<AgreementReport> {
      const study = await openTo(caller, studyId)
      return (await agreement(study, bootstrap)).report
    },

    /** All counting votes, for the export. Letters before unblinding, names after. */
    async votes(caller: Caller, studyId: string) {
      const study = await openTo(caller, studyId)
      return { study, votes: await countingVotes(db, studyId), named: isUnblinded(study) }
    },
  }
}

const rateOf = ({ disagreementRate: rate, count, n, ci }: RescanFigure) => ({ rate, count, n, ci })

async function progressOf(connection: Connection, study: Row<'study'>, tallies: Answer['readers']) {
  const rows = await connection
    .selectFrom('study_reader')
    .innerJoin('account', 'account.id', 'study_reader.account_id')
    .leftJoin('assignment', (join) =>
      join
        .onRef('assignment.account_id', '=', 'study_reader.account_id')
        .onRef('assignment.study_id', '=', 'study_reader.study_id'),
    )
    .select(({ fn }) => [
      'study_reader.letter as letter',
      'account.display_name as displayName',
      fn.count<number>('assignment.id').as('total'),
      fn.sum<number>('assignment.voted').as('cast'),
    ])
    .where('study_reader.study_id', '=', study.id)
    .groupBy(['study_reader.letter', 'account.display_name'])
    .orderBy('study_reader.letter')
    .execute()
  const readers = rows.map((row) => {
    const own = tallies.find(({ letter }) => letter === row.letter)
    return {
      letter: row.letter,
      displayName: isUnblinded(study) ? row.displayName : null,
      cast: Number(row.cast ?? 0),
      total: Number(row.total),
      byDay: own?.byDay ?? [],
      distribution: own?.distribution ?? [],
    }
  })
  const sum = (pick: (r: (typeof readers)[number]) => number): number => readers.reduce((all, r) => all + pick(r), 0)
  return { readers, votes: { cast: sum((r) => r.cast), expected: sum((r) => r.total) } }
}

// Kept here for those who knew it by this name.
export { domainScale } from './disputes.ts'
