import { cutIndex, nearestCategory } from '../scale.ts'

export const voteRules = ['majority', 'rounded-mean', 'median'] as const
export type VoteRule = (typeof voteRules)[number]

/** What one scan's votes come to: the index of the grade on the declared scale, or why there is none. */
export type Decision = { category: number | null; reason?: string }

export const consensusReasons = {
  noVotes: 'no reader has voted on this scan',
  oneVote: 'a majority needs at least two votes',
  noMajority: 'no grade has more than half of the votes',
  cannot: 'more than half of the readers say that this scan cannot be graded',
  tie: 'two grades are equally probable',
} as const

/**
 * Applies a rule to the counts of one scan's votes on each declared grade (`counts[i]` votes on `categories[i]`).
 *
 * majority: the one grade held by more than half of the votes present, of at least two.
 * rounded-mean: the declared grade nearest to the mean, half up; of a single vote, that vote.
 * median: the middle vote; with an even number the mean of the two middle ones, rounded in the same way.
 */
export function decide(rule: VoteRule, counts: ArrayLike<number>, categories: readonly number[]): Decision {
  let votes = 0
  let sum = 0
  for (let k = 0; k < categories.length; k += 1) {
    votes += counts[k]!
    sum += counts[k]! * categories[k]!
  }
  if (votes === 0) return { category: null, reason: consensusReasons.noVotes }
  if (rule === 'rounded-mean') return { category: nearestCategory(categories, sum, votes) }
  if (rule === 'median') {
    const low = categories[rankedAt(counts, (votes - 1) >> 1)]!
    const high = categories[rankedAt(counts, votes >> 1)]!
    return { category: nearestCategory(categories, low + high, 2) }
  }
  if (votes < 2) return { category: null, reason: consensusReasons.oneVote }
  for (let k = 0; k < categories.length; k += 1) if (2 * counts[k]! > votes) return { category: k }
  return { category: null, reason: consensusReasons.noMajority }
}

/** The category of the vote that stands at `rank` (from 0) when votes are sorted. */
function rankedAt(counts: ArrayLike<number>, rank: number): number {
  let seen = 0
  for (let k = 0; ; k += 1) {
    seen += counts[k]!
    if (seen > rank) return k
  }
}

/**
 * Where two ways from votes to a re-scan part: the rounded mean of all grades against the majority of the readers' own
 * re-scan decisions ((1,4,4): mean 3, yet two of three would scan again). Null where they agree, where a tie leaves no
 * majority of decisions, with fewer than two votes, or without a cut.
 */
export type RuleConflict = { roundedMean: number; roundedMeanRescan: boolean; majorityRescan: boolean }

export function ruleConflict(
  counts: ArrayLike<number>,
  categories: readonly number[],
  rescanFrom: number | null,
): RuleConflict | null {
  const cut = cutIndex(categories, rescanFrom)
  if (cut === null) return null
  let votes = 0
  let above = 0
  for (let k = 0; k < categories.length; k += 1) {
    votes += counts[k]!
    if (k >= cut) above += counts[k]!
  }
  if (votes < 2 || 2 * above === votes) return null
  const rounded = decide('rounded-mean', counts, categories).category!
  const roundedMeanRescan = rounded >= cut
  const majorityRescan = 2 * above > votes
  return roundedMeanRescan === majorityRescan
    ? null
    : { roundedMean: categories[rounded]!, roundedMeanRescan, majorityRescan }
}
