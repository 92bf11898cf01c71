import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Comparison } from '../../../preload/contract/comparison.ts'
import { againstConsensus } from '../../domain/agreement/against-consensus.ts'
import { consensusOfScan } from '../../domain/consensus/scan.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, isUnblinded, readsIn, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { contentColumns, rest } from '../../store/sealed/votes.ts'
import { groupByScan, latestAdjudications, scanVote } from '../votes/disputes.ts'
import type { Sealing } from '../sealing/index.ts'
import { isNewestRevision, voteParts } from '../votes/counting.ts'
import { ownPlaces } from '../votes/own-places.ts'
import { inPortions } from '../../store/portions.ts'

/**
 * What a reader learns after the reading: the own grades against the consensus, and nothing of any other reader. Opens
 * with the unblinding, and only where the study allows it.
 */
export function createComparisons({ db, sealing }: Pick<ServiceBase, 'db' | 'sealing'>) {
  return {
    async own(caller: Caller, studyId: string): Promise<Comparison> {
      const study = await openTo(db, caller, studyId)
      const scale = domainScale(study)
      const votes = await ownVotes(db, sealing, caller, studyId)
      const scanIds = votes.map(({ scanId }) => scanId)
      const { grades, reference } = await consensusOf(db, sealing, study, scanIds)
      const compared = votes.flatMap(({ grade, ...vote }) => {
        const consensus = grades.get(vote.scanId)
        return grade === null || consensus === undefined ? [] : [{ ...vote, own: grade, consensus }]
      })
      const side = (grade: number): boolean => scale.rescanFrom !== null && grade >= scale.rescanFrom
      const scans = compared
        .filter(({ own, consensus }) => own !== consensus)
        .map((scan) => ({ ...scan, acrossCut: side(scan.own) !== side(scan.consensus) }))
        .sort(
          (a, b) =>
            Number(b.acrossCut) - Number(a.acrossCut) ||
            Math.abs(b.own - b.consensus) - Math.abs(a.own - a.consensus) ||
            a.pseudonym.localeCompare(b.pseudonym),
        )
      return {
        studyId,
        title: study.title,
        scale: scaleOf(study),
        reference,
        left: votes.length - compared.length,
        ...againstConsensus(compared, scale),
        scans,
      }
    },
  }
}

async function openTo(connection: Connection, caller: Caller, studyId: string): Promise<Row<'study'>> {
  if (!(await readsIn(connection, studyId, caller.accountId)))
    throw new ConcordError('study-unknown', 'You do not read in this study. Go back to the list of studies.')
  const study = await studyOf(connection, studyId)
  if (!isUnblinded(study) || study.readers_see_afterwards === 0)
    throw new ConcordError(
      'comparison-closed',
      'This opens after the reading is unblinded, if the lead of the study allows it.',
    )
  return study
}

/** One grade a scan: of the newest label set, or the majority with what the lead settled; some scans at a time. */
async function consensusOf(
  connection: Connection,
  sealing: Sealing,
  study: Row<'study'>,
  scanIds: readonly string[],
): Promise<{ grades: Map<string, number>; reference: Comparison['reference'] }> {
  const set = await connection
    .selectFrom('label_set')
    .selectAll()
    .where('study_id', '=', study.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (set) {
    const labelsOn = (some: readonly string[]) =>
      connection
        .selectFrom('label')
        .select(['scan_id', 'grade'])
        .where('label_set_id', '=', set.id)
        .where('scan_id', 'in', some)
        .execute()
    const labels = await inPortions(scanIds, labelsOn, nextTurn)
    return {
      grades: new Map(labels.map(({ scan_id, grade }) => [scan_id, grade])),
      reference: { labelSet: set.name, rule: set.rule, at: set.created_at },
    }
  }
  const settled = await latestAdjudications(connection, study.id)
  const grades = new Map<string, number>()
  const reader = await sealing.published(connection, study.id)
  for await (const part of voteParts(connection, reader, study.id))
    for (const [scanId, votes] of groupByScan(part)) {
      const { label } = consensusOfScan(
        votes.map(scanVote),
        'majority',
        domainScale(study),
        settled.get(scanId)?.grade ?? null,
      )
      if (label !== null) grades.set(scanId, label)
    }
  return { grades, reference: { labelSet: null, rule: 'majority', at: null } }
}

/** The caller's own counting votes, read and opened some at a time. */
async function ownVotes(connection: Connection, sealing: Sealing, caller: Caller, studyId: string) {
  const votesAt = (ids: readonly string[]) =>
    connection
      .selectFrom('assignment')
      .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
      .innerJoin('scan', 'scan.id', 'assignment.scan_id')
      .select(['scan.id as scanId', 'scan.pseudonym as pseudonym', 'scan.site as site', 'scan.side as side'])
      .select(contentColumns)
      .where('assignment.id', 'in', ids)
      .where('assignment.kind', '=', 'primary')
      .where(isNewestRevision)
      .execute()
  const parts: Awaited<ReturnType<typeof votesAt>>[] = []
  const { accountId } = caller
  for await (const ids of ownPlaces(connection, { studyId, accountId, voted: true })) parts.push(await votesAt(ids))
  const reader = await sealing.forOwn(connection, caller, parts.flat())
  const votes: (Pick<(typeof parts)[number][number], 'scanId' | 'pseudonym' | 'site' | 'side'> & Said)[] = []
  for (const part of parts) {
    for (const row of part) {
      const said = reader.read(row)
      if (said) votes.push({ ...rest(row), grade: said.grade, note: said.note, worstSlice: said.worst_slice })
    }
    await nextTurn()
  }
  return votes
}

interface Said {
  grade: number | null
  note: string | null
  worstSlice: number | null
}
