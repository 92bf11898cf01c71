import { tQuantile, tTwoSided } from '../distributions.ts'
import { cohenKappa } from './cohen.ts'
import { confusionCounts } from './confusion.ts'
import { type Interval, reasons } from './outcome.ts'
import { percentAgreement } from './percent.ts'
import { ratingsFromTable } from './ratings.ts'
import { type Rate, rescanDisagreement } from './rescan.ts'
import { tabulate } from './table.ts'

export type RepeatConsistency = {
  /** Scans graded twice. */
  n: number
  same: number | null
  quadraticKappa: number | null
  rescan: Rate
  reason?: string
}

/** How far a reader repeats the own grade on scans shown twice: the two grades of each scan, first and second. */
export function repeatConsistency(
  pairs: readonly (readonly [first: number, second: number])[],
  categories: readonly number[],
  rescanFrom: number | null,
): RepeatConsistency {
  const table = tabulate(ratingsFromTable(pairs, categories, 2))
  const kappa = cohenKappa(confusionCounts(table, 0, 1), categories, 'quadratic')
  const result = {
    n: pairs.length,
    same: percentAgreement(table).allRaters,
    quadraticKappa: kappa.estimate,
    rescan: rescanDisagreement(table, rescanFrom),
  }
  if (pairs.length === 0) return { ...result, reason: 'cannot be computed: no scan was graded twice' }
  return kappa.estimate === null ? { ...result, reason: kappa.reason ?? reasons.allEqual } : result
}

export type Drift = {
  /** Grades by which the reader moves against the others over the whole of the votes. */
  change: number | null
  ci: Interval | null
  t: number | null
  p: number | null
  n: number
  reason?: string
}

/**
 * Drift: does a reader come to grade higher or lower than the others? Least squares of (own grade - mean grade of the
 * other readers on the scan) on the place of the vote in the reader's own order, scaled to run from 0 to 1, with the t test
 * of no slope. `differences` are in the order in which the votes were cast.
 */
export function drift(differences: ArrayLike<number>): Drift {
  const n = differences.length
  if (n < 3) return { change: null, ci: null, t: null, p: null, n, reason: 'cannot be computed: it needs three votes' }
  let mean = 0
  for (let i = 0; i < n; i += 1) mean += differences[i]! / n
  let xx = 0
  let xy = 0
  let yy = 0
  for (let i = 0; i < n; i += 1) {
    const x = i / (n - 1) - 0.5
    const y = differences[i]! - mean
    xx += x * x
    xy += x * y
    yy += y ** 2
  }
  const change = xy / xx
  const residual = yy - change * xy
  // What is left of a perfect line is rounding.
  if (residual <= yy * 1e-14) {
    const reason = 'cannot be tested: the differences lie on a line'
    return { change, ci: [change, change], t: null, p: null, n, reason }
  }
  const se = Math.sqrt(residual / (n - 2) / xx)
  const half = tQuantile(0.975, n - 2) * se
  return { change, ci: [change - half, change + half], t: change / se, p: tTwoSided(change / se, n - 2), n }
}
