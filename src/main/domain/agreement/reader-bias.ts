import { normalTwoSided, tQuantile } from '../distributions.ts'
import { confusionCounts } from './confusion.ts'
import { type Interval, reasons } from './outcome.ts'
import type { Table } from './table.ts'

/** How much higher the first of two readers grades, in grades. */
export type ReaderBias = {
  meanDifference: number | null
  /** t interval of the mean difference. */
  ci: Interval | null
  /** Wilcoxon's signed-rank test that neither grades higher. */
  z: number | null
  p: number | null
  n: number
  reason?: string
}

/**
 * Who grades higher, over the subjects with both votes (their `confusionCounts` may be given): the mean of the paired differences with its t interval, and the
 * signed-rank test of F. Wilcoxon (Biometrics Bulletin 1, 80-83, 1945) in its normal form: equal votes left out,
 * mid-ranks, variance corrected for ties, no continuity correction.
 */
export function readerBias(
  table: Table,
  a: number,
  b: number,
  counts: Float64Array = confusionCounts(table, a, b),
): ReaderBias {
  const tally = differences(counts, table.categories)
  let n = 0
  let sum = 0
  let squares = 0
  for (const [difference, count] of tally) {
    n += count
    sum += count * difference
    squares += count * difference * difference
  }
  if (n === 0) return { meanDifference: null, ci: null, z: null, p: null, n, reason: reasons.noCommon }
  const mean = sum / n
  const variance = n > 1 ? Math.max(0, (squares - n * mean * mean) / (n - 1)) : null
  const half = variance === null ? null : tQuantile(0.975, Math.max(1, n - 1)) * Math.sqrt(variance / n)
  const ci: Interval | null = half === null ? null : [mean - half, mean + half]
  const z = signedRank(tally)
  const reason = ci === null ? reasons.oneSubject : 'nothing to test: the two readers give equal grades'
  if (z === null || ci === null)
    return { meanDifference: mean, ci, z, p: z === null ? null : normalTwoSided(z), n, reason }
  return { meanDifference: mean, ci, z, p: normalTwoSided(z), n }
}

/** Grade of `a` less that of `b` -> how many subjects. */
function differences(counts: Float64Array, categories: readonly number[]): Map<number, number> {
  const tally = new Map<number, number>()
  counts.forEach((count, at) => {
    if (count === 0) return
    const j = at % categories.length
    const difference = categories[(at - j) / categories.length]! - categories[j]!
    tally.set(difference, (tally.get(difference) ?? 0) + count)
  })
  return tally
}

function signedRank(tally: ReadonlyMap<number, number>): number | null {
  const sizes = [...new Set([...tally.keys()].map(Math.abs))].filter((size) => size > 0).sort((a, b) => a - b)
  let below = 0
  let signed = 0
  let squares = 0
  for (const size of sizes) {
    const plus = tally.get(size) ?? 0
    const minus = tally.get(-size) ?? 0
    const rank = below + (plus + minus + 1) / 2
    signed += rank * (plus - minus)
    squares += rank * rank * (plus + minus)
    below += plus + minus
  }
  // Under the null hypothesis each rank has a random sign: the variance of their sum is the sum of their squares.
  return squares > 0 ? signed / Math.sqrt(squares) : null
}
