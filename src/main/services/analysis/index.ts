import type {
  AgreementReport,
  DisputedPage,
  DisputedRequest,
  Overview,
  OverviewFilter,
} from '../../../preload/contract/analysis.ts'
import { asksForCondition } from '../../../preload/contract/common.ts'
import type { RescanFigure } from '../../domain/agreement/rescan-figure.ts'
import type { Statistics } from '../../statistics/host.ts'
import type { OverviewAnswer, StudyAsked } from '../../statistics/question.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import {
  domainScale,
  isUnblinded,
  readsIn,
  scaleOf,
  refuseBlinded,
  isSealed,
  studyOf,
  type Caller,
  type ServiceBase,
} from '../context.ts'
import { disputedScans } from '../votes/disputes.ts'
import { showingsOf, type Showing } from '../votes/showings.ts'
import type { Studies } from '../studies/index.ts'
import { countingVotes, voteParts, type CountingVote } from '../votes/counting.ts'

export type Analysis = ReturnType<typeof createAnalysis>

/** Seed of the bootstrap on the lead's page: the same votes give the same interval each time. */
export const bootstrapSeed = 1
export const bootstrapResamples = 1000

export interface OverviewWanted {
  filter?: OverviewFilter | undefined
  /** False: at once, without the intervals of the coefficients and the labels of Dawid and Skene. */
  everything?: boolean | undefined
}

/** Agreement, progress and disputes of a study for those who may know them; computed from the votes as they are now. */
export function createAnalysis({
  db,
  sealing,
  statistics,
  studies,
}: Pick<ServiceBase, 'db' | 'sealing'> & { statistics: Statistics; studies: Studies }) {
  async function openTo(caller: Caller, studyId: string): Promise<Row<'study'>> {
    const study = await studyOf(db, studyId)
    await refuseBlinded(db, caller, study)
    return study
  }

  /** What the thread reads the votes with goes along with each question. Error: `study-locked`. */
  const asked = async (caller: Caller, study: Row<'study'>): Promise<StudyAsked> => ({
    ...{ id: study.id, ...domainScale(study) },
    condition: asksForCondition(scaleOf(study)),
    keys: await sealing.forStatistics(caller, study.id),
  })

  const figures = async (
    caller: Caller,
    study: Row<'study'>,
    resamples: number,
    { filter = {}, everything = true }: OverviewWanted,
  ) =>
    statistics.ask({
      kind: 'overview',
      study: await asked(caller, study),
      filter,
      resamples,
      everything,
      seed: bootstrapSeed,
    })

  return {
    /** What the lead's page shows; readers are named by their letters. */
    async overview(caller: Caller, studyId: string, wanted: OverviewWanted = {}): Promise<Overview> {
      const study = await openTo(caller, studyId)
      const [answer, shown] = await Promise.all([
        figures(caller, study, bootstrapResamples, wanted),
        studies.get(caller, studyId),
      ])
      return {
        study: shown,
        ...(await progressOf(db, study, answer)),
        days: answer.days,
        agreement: answer.report,
        rescanBySite: answer.bySite
          .map(({ site, rescan }) => ({ site: site as CountingVote['site'], ...rateOf(rescan) }))
          .filter(({ n }) => n > 0),
        rescanByPair: answer.byPair.map(({ raters, rescan }) => ({ raters, ...rateOf(rescan) })),
        rescanByMonth: answer.byMonth
          .map(({ month, rescan }) => ({ month, ...rateOf(rescan) }))
          .filter(({ n }) => n > 0),
        labels: answer.labels,
        ruleConflicts: answer.ruleConflicts,
        disputed: answer.disputed,
        classes: answer.classes,
        everything: wanted.everything ?? true,
      }
    },

    async agreement(caller: Caller, studyId: string, bootstrap = bootstrapResamples): Promise<AgreementReport> {
      const study = await openTo(caller, studyId)
      return (await figures(caller, study, bootstrap, {})).report
    },

    /** All counting votes, for the export. Letters before unblinding, names after. */
    async votes(caller: Caller, studyId: string) {
      const study = await openTo(caller, studyId)
      const reader = await sealing.forFigures(db, caller, studyId)
      return { study, votes: await countingVotes(db, reader, studyId), named: isUnblinded(study) }
    },

    /** The same some scans at a time, for a file: a million votes are never in memory at once. */
    async voteParts(caller: Caller, studyId: string) {
      const study = await openTo(caller, studyId)
      return { study, parts: voteParts(db, await sealing.forFigures(db, caller, studyId), studyId) }
    },

    /** All showings with a vote, for the export; see showings.ts. */
    async showings(caller: Caller, studyId: string): Promise<Showing[]> {
      await openTo(caller, studyId)
      return showingsOf(db, await sealing.forFigures(db, caller, studyId), studyId)
    },

    /** One page of the disputed scans, sorted and counted over all of them. */
    async disputedPage(caller: Caller, request: DisputedRequest): Promise<DisputedPage> {
      const study = await openTo(caller, request.studyId)
      const { filter = {}, only, order, offset, limit } = request
      const { scanIds, ...counts } = await statistics.ask({
        ...{ kind: 'disputed', study: await asked(caller, study), filter, only, order, offset, limit },
      })
      const reader = await sealing.forFigures(db, caller, study.id)
      const rows = new Map((await disputedScans(db, reader, study, scanIds)).map((scan) => [scan.scanId, scan]))
      return { ...counts, rows: scanIds.flatMap((id) => rows.get(id) ?? []) }
    },

    /** Lets the votes of the caller's studies be read before a page asks for their figures. Fails silently: a page asks again. */
    async readAhead(caller: Caller): Promise<void> {
      if (!caller.roles.includes('lead')) return
      const open = await db
        .selectFrom('study')
        .selectAll()
        .where('state', '!=', 'draft')
        .orderBy('id', 'desc')
        .execute()
      for (const study of open)
        if (isSealed(study) || !(await readsIn(db, study.id, caller.accountId)))
          await asked(caller, study)
            .then((known) =>
              statistics.ask({ kind: 'warm', study: known, resamples: bootstrapResamples, seed: bootstrapSeed }),
            )
            .catch(() => null)
    },
  }
}

const rateOf = ({ disagreementRate: rate, count, n, ci, reason }: RescanFigure) => ({
  ...{ rate, count, n, ci },
  ...(reason === undefined ? {} : { reason }),
})

async function progressOf(connection: Connection, study: Row<'study'>, answer: OverviewAnswer) {
  const names = await connection
    .selectFrom('study_reader')
    .innerJoin('account', 'account.id', 'study_reader.account_id')
    .select(['study_reader.letter as letter', 'account.display_name as displayName'])
    .where('study_reader.study_id', '=', study.id)
    .execute()
  const nameOf = new Map(names.map(({ letter, displayName }) => [letter, displayName]))
  const readers = answer.readers.map((own) => ({
    ...own,
    displayName: isUnblinded(study) ? (nameOf.get(own.letter) ?? null) : null,
  }))
  const sum = (pick: (r: (typeof readers)[number]) => number): number => readers.reduce((all, r) => all + pick(r), 0)
  return { readers, votes: { cast: sum((r) => r.cast), expected: sum((r) => r.total) } }
}
