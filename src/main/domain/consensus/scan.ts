import { ConcordError } from '../error.ts'
import { cutIndex, type Scale } from '../scale.ts'
import { consensusReasons, decide, type RuleConflict, ruleConflict, type VoteRule } from './rules.ts'

/** A reader's vote on one scan: a grade, "cannot be graded", or none (yet). */
export type ScanVote = number | 'cannot' | null

export type ScanConsensus = {
  /** A declared grade; null where the rule gives none. */
  label: number | null
  /** Whether the label means "scan again"; null without label or cut. */
  rescan: boolean | null
  /** The lead's grade took the rule's place. */
  adjudicated: boolean
  conflict: RuleConflict | null
  reason?: string
}

/**
 * The consensus of one scan. "Cannot be graded" is no grade: if more than half of the votes cast say so there is no
 * label, otherwise the rule looks at the grades alone. An adjudicated grade takes the rule's place in every case.
 * Throws `unknown-grade` for a grade that the scale does not declare.
 */
export function consensusOfScan(
  votes: readonly ScanVote[],
  rule: VoteRule,
  scale: Scale,
  adjudicated: number | null = null,
): ScanConsensus {
  const cannot = votes.filter((vote) => vote === 'cannot').length
  return consensusOfCounts({ grades: countsOf(votes, scale.categories), cannot }, rule, scale, adjudicated)
}

/** The same from how many votes fall on each declared grade, and how many say "cannot be graded". */
export function consensusOfCounts(
  { grades: counts, cannot }: { grades: readonly number[]; cannot: number },
  rule: VoteRule,
  scale: Scale,
  adjudicated: number | null = null,
): ScanConsensus {
  const cast = counts.reduce((sum, count) => sum + count, cannot)
  const conflict = ruleConflict(counts, scale.categories, scale.rescanFrom)
  if (adjudicated !== null) {
    const category = indexOfGrade(adjudicated, scale.categories)
    return { ...labelled(category, scale), adjudicated: true, conflict }
  }
  if (2 * cannot > cast)
    return { label: null, rescan: null, adjudicated: false, conflict, reason: consensusReasons.cannot }
  const { category, reason } = decide(rule, counts, scale.categories)
  if (category === null)
    return { label: null, rescan: null, adjudicated: false, conflict, ...(reason === undefined ? {} : { reason }) }
  return { ...labelled(category, scale), adjudicated: false, conflict }
}

/** How many votes fall on each declared grade. */
export function countsOf(votes: readonly ScanVote[], categories: readonly number[]): number[] {
  const counts = categories.map(() => 0)
  for (const vote of votes) if (typeof vote === 'number') counts[indexOfGrade(vote, categories)]! += 1
  return counts
}

/** How the votes spread over the grades, as shares that sum to 1: the soft label a network can learn. Null without votes. */
export function voteDistribution(votes: readonly ScanVote[], categories: readonly number[]): number[] | null {
  const counts = countsOf(votes, categories)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return total === 0 ? null : counts.map((count) => count / total)
}

/** Label and re-scan decision of a category of the scale. */
export function labelled(category: number, scale: Scale): { label: number; rescan: boolean | null } {
  const cut = cutIndex(scale.categories, scale.rescanFrom)
  return { label: scale.categories[category]!, rescan: cut === null ? null : category >= cut }
}

function indexOfGrade(grade: number, categories: readonly number[]): number {
  const index = categories.indexOf(grade)
  if (index < 0) throw new ConcordError('unknown-grade', `Grade ${grade} is not on the scale.`, 'grade')
  return index
}
