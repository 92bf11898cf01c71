import type { AgreementReport, DisputedScan, Overview, OverviewFilter } from '../../preload/contract/analysis.ts'
import type { Study } from '../../preload/contract/studies.ts'
import { disputeOf, moreDisputed } from '../domain/consensus/dispute.ts'
import { consensusOfScan, type ScanVote } from '../domain/consensus/scan.ts'
import { ConcordError } from '../domain/error.ts'
import type { RescanFigure } from '../domain/agreement/report.ts'
import type { Statistics } from '../statistics/host.ts'
import type { Answer } from '../statistics/question.ts'
import { digestOf, record } from '../store/audit.ts'
import type { Connection } from '../store/database.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import { isSealed, refuseBlinded, requireGrade, scaleOf, studyOf, type Caller, type ServiceBase } from './context.ts'
import type { Studies } from './studies.ts'
import { createVoteStore } from './vote-columns.ts'
import { countingVotes, type CountingVote } from './votes.ts'

export type Analysis = ReturnType<typeof createAnalysis>

/** Seed of the bootstrap on the lead's page: the same votes give the same interval each time. */
const bootstrapSeed = 1

export function createAnalysis({
  db,
  announce,
  statistics,
  studies,
}: ServiceBase & { statistics: Statistics; studies: Studies }) {
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

    async disputed(caller: Caller, studyId: string): Promise<DisputedScan[]> {
      const study = await openTo(caller, studyId)
      return disputedScans(db, study)
    },

    async seal(caller: Caller, request: { studyId: string; incomplete: boolean }): Promise<Study> {
      await db.transaction().execute(async (t) => {
        const study = await studyOf(t, request.studyId)
        if (study.state !== 'open') throw new ConcordError('study-not-open', 'Only an open study can be sealed.')
        const { count } = await t
          .selectFrom('assignment')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('study_id', '=', study.id)
          .where('voted', '=', 0)
          .executeTakeFirstOrThrow()
        if (Number(count) > 0 && !request.incomplete)
          throw new ConcordError(
            'votes-missing',
            `${Number(count)} votes are still missing. Wait for them, or seal without them on purpose.`,
          )
        await t.updateTable('study').set({ state: 'sealed' }).where('id', '=', study.id).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'study.sealed',
          subject: study.id,
          rowDigest: digestOf(study.id, Number(count)),
        })
      })
      announce.studyChanged(request.studyId)
      return studies.get(caller, request.studyId)
    },

    async unblind(caller: Caller, studyId: string): Promise<Study> {
      await db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        if (study.state !== 'sealed')
          throw new ConcordError('study-not-sealed', 'Seal the reading first; then the readers can be named.')
        await t.updateTable('study').set({ state: 'adjudicating' }).where('id', '=', studyId).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'study.unblinded',
          subject: studyId,
          rowDigest: digestOf(studyId),
        })
      })
      announce.studyChanged(studyId)
      return studies.get(caller, studyId)
    },

    async showNames(caller: Caller, { studyId, scanId }: { studyId: string; scanId: string }) {
      return db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        if (!isUnblinded(study))
          throw new ConcordError('study-not-unblinded', 'Show who is A, B, C on the page "Sealing" first.')
        const names = await t
          .selectFrom('assignment')
          .innerJoin('study_reader', (join) =>
            join
              .onRef('study_reader.account_id', '=', 'assignment.account_id')
              .onRef('study_reader.study_id', '=', 'assignment.study_id'),
          )
          .innerJoin('account', 'account.id', 'assignment.account_id')
          .select(['study_reader.letter as letter', 'account.display_name as displayName'])
          .distinct()
          .where('assignment.study_id', '=', studyId)
          .where('assignment.scan_id', '=', scanId)
          .where('assignment.kind', '=', 'primary')
          .orderBy('study_reader.letter')
          .execute()
        if (names.length === 0)
          throw new ConcordError('scan-unknown', 'There is no such scan with votes in this study.')
        await record(t, {
          accountId: caller.accountId,
          act: 'scan.names-shown',
          subject: scanId,
          rowDigest: digestOf(studyId, scanId),
        })
        return names
      })
    },

    async adjudicate(
      caller: Caller,
      request: { studyId: string; scanId: string; grade: number; reason: string },
    ): Promise<DisputedScan> {
      const study = await studyOf(db, request.studyId)
      if (!isSealed(study))
        throw new ConcordError('study-not-sealed', 'Seal the reading first; until then every vote may still change.')
      requireGrade(scaleOf(study), request.grade)
      const disputed = (await disputedScans(db, study)).find((scan) => scan.scanId === request.scanId)
      if (!disputed)
        throw new ConcordError('scan-not-disputed', 'The readers agree on this scan; there is nothing to settle.')
      const row: Row<'adjudication'> = {
        id: newId(),
        study_id: study.id,
        scan_id: request.scanId,
        grade: request.grade,
        reason: request.reason,
        account_id: caller.accountId,
        at: now(),
      }
      await db.transaction().execute(async (t) => {
        await t.insertInto('adjudication').values(row).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'scan.adjudicated',
          subject: row.id,
          rowDigest: digestOf(row.id, row.scan_id, row.grade, row.reason, row.at),
        })
      })
      announce.studyChanged(study.id)
      return { ...disputed, adjudicated: { grade: row.grade, reason: row.reason, at: row.at } }
    },
  }
}

const rateOf = ({ disagreementRate: rate, count, n, ci }: RescanFigure) => ({ rate, count, n, ci })

export const isUnblinded = (study: Row<'study'>): boolean => ['adjudicating', 'closed'].includes(study.state)

export function groupByScan(votes: CountingVote[]): Map<string, CountingVote[]> {
  const scans = new Map<string, CountingVote[]>()
  for (const vote of votes) scans.set(vote.scanId, [...(scans.get(vote.scanId) ?? []), vote])
  return scans
}

/** A vote as the consensus rules take it. */
export const scanVote = (vote: CountingVote): ScanVote => vote.grade ?? 'cannot'

export const domainScale = (study: Row<'study'>) => {
  const scale = scaleOf(study)
  return { categories: scale.grades.map((g) => g.value), rescanFrom: scale.rescanFrom }
}

/** Not all readers said the same; "cannot be graded" beside a grade is a difference too. */
const isDisputed = (votes: CountingVote[]): boolean => new Set(votes.map((v) => v.grade)).size > 1

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

async function disputedScans(connection: Connection, study: Row<'study'>): Promise<DisputedScan[]> {
  const scale = domainScale(study)
  const settled = await latestAdjudications(connection, study.id)
  const all = [...groupByScan(await countingVotes(connection, study.id)).values()].filter(isDisputed)
  return all
    .map((votes) => ({ votes, dispute: disputeOf(votes.map(scanVote), scale) }))
    .sort((a, b) => moreDisputed(a.dispute, b.dispute) || a.votes[0]!.pseudonym.localeCompare(b.votes[0]!.pseudonym))
    .map(({ votes, dispute }): DisputedScan => {
      const majority = consensusOfScan(votes.map(scanVote), 'majority', scale)
      return {
        scanId: votes[0]!.scanId,
        pseudonym: votes[0]!.pseudonym,
        site: votes[0]!.site,
        side: votes[0]!.side,
        votes: votes.map((v) => ({
          letter: v.letter,
          displayName: isUnblinded(study) ? v.displayName : null,
          grade: v.grade,
          reason: v.reason,
          note: v.note,
          worstSlice: v.worstSlice,
        })),
        range: dispute.range,
        acrossCut: dispute.acrossCut,
        entropy: dispute.entropy,
        majority: majority.label,
        roundedMean: consensusOfScan(votes.map(scanVote), 'rounded-mean', scale).label,
        ruleConflict: majority.conflict !== null,
        adjudicated: settled.get(votes[0]!.scanId) ?? null,
      }
    })
}

/** The newest adjudication of each scan; the earlier ones stay in the table. */
export async function latestAdjudications(connection: Connection, studyId: string) {
  const rows = await connection
    .selectFrom('adjudication')
    .select(['scan_id', 'grade', 'reason', 'at'])
    .where('study_id', '=', studyId)
    .orderBy('id')
    .execute()
  return new Map(rows.map((row) => [row.scan_id, { grade: row.grade, reason: row.reason, at: row.at }]))
}
