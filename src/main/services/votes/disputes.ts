import type { DisputedScan } from '../../../preload/contract/analysis.ts'
import { disputeOf } from '../../domain/consensus/dispute.ts'
import { consensusOfScan, type ScanVote } from '../../domain/consensus/scan.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale } from '../context.ts'
import type { VoteReader } from '../sealing/index.ts'
import { votePartsOn, type CountingVote } from './counting.ts'

/**
 * Of the scans that are named, those whose readers differ, in no certain order. Readers are letters here, before and after
 * unblinding: who they are is asked for one scan at a time and recorded.
 */
export async function disputedScans(
  connection: Connection,
  reader: VoteReader,
  study: Row<'study'>,
  scanIds: readonly string[],
): Promise<DisputedScan[]> {
  const scale = domainScale(study)
  const settled = await latestAdjudications(connection, study.id)
  const scans: DisputedScan[] = []
  for await (const part of votePartsOn(connection, reader, study.id, scanIds))
    for (const votes of groupByScan(part).values())
      if (isDisputed(votes)) scans.push(disputedScan(votes, scale, settled))
  return scans
}

function disputedScan(
  votes: CountingVote[],
  scale: ReturnType<typeof domainScale>,
  settled: ReadonlyMap<string, Settled>,
): DisputedScan {
  const { scanId, pseudonym, site, side } = votes[0]!
  const said = votes.map(scanVote)
  const dispute = disputeOf(said, scale)
  const majority = consensusOfScan(said, 'majority', scale)
  return {
    ...{ scanId, pseudonym, site, side },
    votes: votes.map(({ letter, grade, reason, note, worstSlice }) => ({
      letter,
      grade,
      reason,
      note,
      worstSlice,
    })),
    range: dispute.range,
    acrossCut: dispute.acrossCut,
    entropy: dispute.entropy,
    majority: majority.label,
    roundedMean: consensusOfScan(said, 'rounded-mean', scale).label,
    ruleConflict: majority.conflict !== null,
    adjudicated: settled.get(scanId) ?? null,
  }
}

export type Settled = NonNullable<DisputedScan['adjudicated']>

/** The newest adjudication of each scan; the earlier ones stay in the table. */
export async function latestAdjudications(connection: Connection, studyId: string): Promise<Map<string, Settled>> {
  const rows = await connection
    .selectFrom('adjudication')
    .select(['scan_id', 'grade', 'cause', 'reason', 'at'])
    .where('study_id', '=', studyId)
    .orderBy('id')
    .execute()
  return new Map(rows.map(({ scan_id, ...settled }) => [scan_id, settled]))
}

export function groupByScan(votes: readonly CountingVote[]): Map<string, CountingVote[]> {
  const scans = new Map<string, CountingVote[]>()
  for (const vote of votes) {
    const own = scans.get(vote.scanId)
    if (own) own.push(vote)
    else scans.set(vote.scanId, [vote])
  }
  return scans
}

/** A vote as the consensus rules take it. */
export const scanVote = (vote: CountingVote): ScanVote => vote.grade ?? 'cannot'

/** Not all readers said the same; "cannot be graded" beside a grade is a difference too. */
const isDisputed = (votes: CountingVote[]): boolean => new Set(votes.map((v) => v.grade)).size > 1
