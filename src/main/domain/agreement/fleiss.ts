import { normalTwoSided } from '../distributions.ts'
import { fleissAvailable } from './gwet.ts'
import { type Interval, reasons } from './outcome.ts'
import { completeOnly, subjectsWith, type Table } from './table.ts'

export type FleissKappa = {
  estimate: number | null
  /** Standard error under chance agreement, for z. */
  seNull: number | null
  z: number | null
  p: number | null
  /** Gwet's standard error over subjects, for the interval (t, n - 1 degrees of freedom). */
  se: number | null
  ci: Interval | null
  perCategory: { category: number; estimate: number | null; seNull: number | null; reason?: string }[]
  /** Subjects with every rater's vote. */
  n: number
  reason?: string
}

/**
 * Fleiss' kappa over the subjects with every rater's vote (J. Fleiss, Psychological Bulletin 76, 378-382, 1971), overall
 * and for each grade. The standard errors under chance are those of Fleiss, Nee & Landis (Psychological Bulletin 86,
 * 974-977, 1979, eqs 12 and 13): the 1971 variance is wrong.
 */
export function fleissKappa(table: Table): FleissKappa {
  const m = table.raters
  const n = subjectsWith(table, m)
  if (m < 2) return undefinedFleiss(table, n, reasons.oneRater)
  if (n === 0) return undefinedFleiss(table, n, reasons.noComplete)
  const { totals, apart } = sums(table)
  const all = n * m
  const pairs = n * m * (m - 1)
  const seNullGrade = Math.sqrt(2 / pairs)
  let spread = 0 // sum of p_j q_j
  let skew = 0 // sum of p_j q_j (q_j - p_j)
  let apartAll = 0
  const perCategory = Array.from(table.categories, (category, k) => {
    const p = totals[k]! / all
    const pq = (totals[k]! * (all - totals[k]!)) / (all * all)
    spread += pq
    skew += pq * (1 - 2 * p)
    apartAll += apart[k]!
    return pq === 0
      ? { category, estimate: null, seNull: seNullGrade, reason: reasons.unusedGrade }
      : { category, estimate: 1 - apart[k]! / (pairs * pq), seNull: seNullGrade }
  })
  if (spread === 0) return { ...undefinedFleiss(table, n, reasons.allEqual), perCategory }
  const estimate = 1 - apartAll / pairs / spread
  const seNull = (seNullGrade * Math.sqrt(Math.max(0, spread * spread - skew))) / spread
  const { se, ci, reason } = fleissAvailable(completeOnly(table))
  const z = seNull > 0 ? estimate / seNull : null
  const why = z === null ? reasons.noVariance : reason
  return {
    estimate,
    seNull,
    z,
    p: z === null ? null : normalTwoSided(z),
    se,
    ci,
    perCategory,
    n,
    ...(why === undefined ? {} : { reason: why }),
  }
}

/** Only the value: what a bootstrap needs. Null where it is undefined. */
export function fleissEstimate(table: Table): number | null {
  const m = table.raters
  const n = subjectsWith(table, m)
  if (m < 2 || n === 0) return null
  const { totals, apart } = sums(table)
  const all = n * m
  let spread = 0
  let apartAll = 0
  for (let k = 0; k < totals.length; k += 1) {
    spread += (totals[k]! * (all - totals[k]!)) / (all * all)
    apartAll += apart[k]!
  }
  return spread === 0 ? null : 1 - apartAll / (all * (m - 1)) / spread
}

/** Over the complete rows: the votes on each grade, and for each grade the sum of n_ij (m - n_ij). */
function sums(table: Table): { totals: Float64Array; apart: Float64Array } {
  const m = table.raters
  const q = table.categories.length
  const totals = new Float64Array(q)
  const apart = new Float64Array(q)
  for (let row = 0; row < table.rows; row += 1) {
    const weight = table.weights[row]!
    if (table.votes[row] !== m || weight === 0) continue
    for (let k = 0; k < q; k += 1) {
      const count = table.counts[row * q + k]!
      if (count === 0) continue
      totals[k]! += weight * count
      apart[k]! += weight * count * (m - count)
    }
  }
  return { totals, apart }
}

function undefinedFleiss(table: Table, n: number, reason: string): FleissKappa {
  const perCategory = Array.from(table.categories, (category) => ({ category, estimate: null, seNull: null, reason }))
  return { estimate: null, seNull: null, z: null, p: null, se: null, ci: null, perCategory, n, reason }
}
