import type {
  AgreementReport,
  DisputedPage,
  DisputedRequest,
  Overview,
  OverviewFilter,
} from '../../../preload/contract/analysis.ts'
import { asksForCondition } from '../../../preload/contract/common.ts'
import { Written } from '../../domain/written.ts'
import type { Statistics } from '../../statistics/host.ts'
import { pageForm, readerForm } from '../../statistics/overview-page.ts'
import type { StudyAsked } from '../../statistics/question.ts'
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
import { showingParts, type Showing } from '../votes/showings.ts'
import type { Studies } from '../studies/index.ts'
import { countingVotes, voteParts } from '../votes/counting.ts'

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

  const question = async (caller: Caller, study: Row<'study'>, resamples: number, wanted: OverviewWanted) => ({
    ...{ study: await asked(caller, study), filter: wanted.filter ?? {}, resamples },
    ...{ everything: wanted.everything ?? true, seed: bootstrapSeed },
  })

  return {
    /** What the lead's page shows; readers are named by their letters. */
    async overview(caller: Caller, studyId: string, wanted: OverviewWanted = {}): Promise<Overview> {
      const study = await openTo(caller, studyId)
      const [answer, shown] = await Promise.all([
        statistics.ask({ kind: 'overview', ...(await question(caller, study, bootstrapResamples, wanted)) }),
        studies.get(caller, studyId),
      ])
      const names = await namesOf(db, study)
      const { rescanBySite, ...form } = pageForm(answer)
      return {
        ...{ study: shown, votes: progressOf(answer.readers), everything: wanted.everything ?? true },
        ...form,
        rescanBySite: rescanBySite as Overview['rescanBySite'],
        readers: answer.readers.map((own) => ({ ...readerForm(own), displayName: names.get(own.letter) ?? null })),
      }
    },

    /** The same for the page, as it goes there. Error: `superseded`, where the caller's page asked for another filter meanwhile. */
    async overviewWritten(caller: Caller, studyId: string, wanted: OverviewWanted): Promise<Written<Overview>> {
      const study = await openTo(caller, studyId)
      const [{ readers, json }, shown] = await Promise.all([
        statistics.ask({
          ...{ kind: 'overview-parts', asker: caller.accountId },
          ...(await question(caller, study, bootstrapResamples, wanted)),
        }),
        studies.get(caller, studyId),
      ])
      const names = await namesOf(db, study)
      const own = { study: shown, votes: progressOf(readers), everything: wanted.everything ?? true }
      const each = readers.map((reader) =>
        joined(JSON.stringify({ displayName: names.get(reader.letter) ?? null }), reader.json),
      )
      return new Written(joined(joined(JSON.stringify(own), `{"readers":[${each.join()}]}`), json))
    },

    async agreement(caller: Caller, studyId: string, bootstrap = bootstrapResamples): Promise<AgreementReport> {
      const study = await openTo(caller, studyId)
      return (await statistics.ask({ kind: 'overview', ...(await question(caller, study, bootstrap, {})) })).report
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

    /** All showings with a vote, some scans at a time, for the export; see showings.ts. */
    async showingParts(caller: Caller, studyId: string): Promise<AsyncGenerator<Showing[]>> {
      await openTo(caller, studyId)
      return showingParts(db, await sealing.forFigures(db, caller, studyId), studyId)
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

/** Two objects' texts as the text of one with the parts of both. */
const joined = (first: string, second: string): string => `${first.slice(0, -1)},${second.slice(1)}`

const progressOf = (readers: readonly { cast: number; total: number }[]) => ({
  cast: readers.reduce((sum, { cast }) => sum + cast, 0),
  expected: readers.reduce((sum, { total }) => sum + total, 0),
})

/** By letter, once they may be known. */
async function namesOf(connection: Connection, study: Row<'study'>): Promise<ReadonlyMap<string, string>> {
  if (!isUnblinded(study)) return new Map()
  const names = await connection
    .selectFrom('study_reader')
    .innerJoin('account', 'account.id', 'study_reader.account_id')
    .select(['study_reader.letter as letter', 'account.display_name as displayName'])
    .where('study_reader.study_id', '=', study.id)
    .execute()
  return new Map(names.map(({ letter, displayName }) => [letter, displayName]))
}
