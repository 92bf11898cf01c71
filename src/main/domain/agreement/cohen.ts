import { normalQuantile, normalTwoSided } from '../distributions.ts'
import { type Interval, reasons } from './outcome.ts'
import { agreementWeights, type WeightScheme } from './weights.ts'

export type CohenKappa = {
  estimate: number | null
  /** Standard error for the interval. */
  se: number | null
  /** Standard error when the true kappa is zero, for z. */
  seNull: number | null
  ci: Interval | null
  z: number | null
  p: number | null
  /** Subjects with both votes. */
  n: number
  reason?: string
}

/** A variance below this is zero but for rounding: it is a sum of squares of numbers of the order of one. */
const ZERO = 1e-24

/**
 * Cohen's kappa of two raters from their q x q counts (Cohen 1960; weighted: Cohen 1968), with the two standard errors of
 * Fleiss, Cohen & Everitt 1969 (Psychological Bulletin 72, 323-327), eqs 13 and 9. The interval is estimate +- 1.96 se.
 * The scheme's weights may be given: all pairs of readers have the same.
 */
export function cohenKappa(
  counts: Float64Array,
  categories: readonly number[],
  scheme: WeightScheme,
  w: Float64Array = agreementWeights(categories, scheme),
): CohenKappa {
  const q = categories.length
  const rows = new Float64Array(q)
  const columns = new Float64Array(q)
  let n = 0
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j < q; j += 1) {
      const count = counts[i * q + j]!
      rows[i]! += count
      columns[j]! += count
      n += count
    }
  }
  if (n === 0) return undefinedKappa(n, reasons.noCommon)
  // Disagreement observed and expected: sums of terms that are not negative, so that 0/0 is seen exactly.
  let observed = 0
  let expected = 0
  const rowMean = new Float64Array(q) // sum over j of p.j w_ij
  const columnMean = new Float64Array(q) // sum over i of pi. w_ij
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j < q; j += 1) {
      const weight = w[i * q + j]!
      observed += (1 - weight) * counts[i * q + j]!
      expected += (1 - weight) * rows[i]! * columns[j]!
      rowMean[i]! += (weight * columns[j]!) / n
      columnMean[j]! += (weight * rows[i]!) / n
    }
  }
  observed /= n
  expected /= n * n
  if (expected === 0) return undefinedKappa(n, reasons.allEqual)
  const kappa = 1 - observed / expected
  const pe = 1 - expected
  const centre = kappa - pe * (1 - kappa)
  let variance = 0
  let varianceNull = 0
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j < q; j += 1) {
      const means = rowMean[i]! + columnMean[j]!
      variance += (counts[i * q + j]! / n) * (w[i * q + j]! - means * (1 - kappa) - centre) ** 2
      varianceNull += ((rows[i]! * columns[j]!) / (n * n)) * (w[i * q + j]! - means + pe) ** 2
    }
  }
  const se = variance < ZERO ? 0 : Math.sqrt(variance / n) / expected
  const seNull = varianceNull < ZERO ? 0 : Math.sqrt(varianceNull / n) / expected
  const half = normalQuantile(0.975) * se
  const result = { estimate: kappa, se, seNull, ci: [kappa - half, kappa + half] as Interval, n }
  if (seNull === 0) return { ...result, z: null, p: null, reason: reasons.noVariance }
  return { ...result, z: kappa / seNull, p: normalTwoSided(kappa / seNull) }
}

function undefinedKappa(n: number, reason: string): CohenKappa {
  return { estimate: null, se: null, seNull: null, ci: null, z: null, p: null, n, reason }
}
