import type { Scale } from '../scale.ts'
import { cohenKappa, type CohenKappa } from './cohen.ts'
import type { Interval } from './outcome.ts'
import { wilsonInterval } from './wilson.ts'

/** Two grades of one scan; null: not graded. */
export type GradePair = readonly [number | null, number | null]

export type Match = {
  n: number
  same: number
  /** Share of equal grades, with Wilson's interval; null where there is none to compare. */
  rate: number | null
  ci: Interval | null
  near: number
  sameSide: number | null
  kappa: Pick<CohenKappa, 'estimate' | 'ci' | 'n' | 'reason'>
}

/**
 * One set of grades against another of the same scans: a reader's first and second, or a reader's and the known ones.
 * Where one of the two is missing the pair differs, and kappa leaves it out; both missing are the same answer. `near`
 * counts pairs at most one grade of the scale apart.
 */
export function matchOf(pairs: readonly GradePair[], scale: Scale): Match {
  const q = scale.categories.length
  const rank = new Map(scale.categories.map((grade, index) => [grade, index]))
  const counts = new Float64Array(q * q)
  const cut = scale.rescanFrom
  let same = 0
  let near = 0
  let sameSide = 0
  for (const [a, b] of pairs) {
    if (a === b) same += 1
    if (a === null || b === null) {
      if (a === b) near += 1
      if (a === b) sameSide += 1
      continue
    }
    if (Math.abs(rank.get(a)! - rank.get(b)!) <= 1) near += 1
    if (cut !== null && a >= cut === b >= cut) sameSide += 1
    counts[rank.get(a)! * q + rank.get(b)!]! += 1
  }
  const n = pairs.length
  const { estimate, ci, n: compared, reason } = cohenKappa(counts, scale.categories, 'quadratic')
  return {
    ...{ n, same, rate: n === 0 ? null : same / n, ci: wilsonInterval(same, n), near },
    sameSide: cut === null ? null : sameSide,
    kappa: { estimate, ci, n: compared, ...(reason === undefined ? {} : { reason }) },
  }
}
