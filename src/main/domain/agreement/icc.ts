import { fQuantile, fUpper } from '../distributions.ts'
import { type Interval, reasons } from './outcome.ts'
import { varianceSums } from './complete.ts'
import type { Table } from './table.ts'

export const iccForms = ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,1)', 'ICC(1,k)', 'ICC(2,k)', 'ICC(3,k)'] as const
export type IccForm = (typeof iccForms)[number]
export type Icc = {
  estimate: number | null
  ci: Interval | null
  /** Test of no difference between subjects. Null where the residual variance is zero: F is infinite. */
  f: number | null
  df1: number | null
  df2: number | null
  p: number | null
  reason?: string
}

/**
 * The six intraclass correlations of Shrout & Fleiss (Psychological Bulletin 86, 420-428, 1979) over the subjects with
 * every rater's vote, with F, its p and the 95 % interval of McGraw & Wong (Psychological Methods 1, 30-46, 1996, tables
 * 4 and 7). The interval of ICC(2,k) is the Spearman-Brown form of the limits of ICC(2,1).
 */
export function intraclassCorrelations(table: Table): Record<IccForm, Icc> & { n: number } {
  const sums = varianceSums(table)
  const { n, k } = sums
  const why = k < 2 ? reasons.oneRater : n === 0 ? reasons.noComplete : n < 2 ? reasons.oneScan : null
  if (why !== null) return { ...everyForm(() => nothing(why)), n }
  const scale = n * k
  const msb = sums.subjects / scale / (n - 1)
  const msj = sums.raters / scale / (k - 1)
  const mse = sums.residual / scale / ((n - 1) * (k - 1))
  const msw = (sums.raters + sums.residual) / scale / (n * (k - 1))
  const dfWithin = n * (k - 1)
  const dfResidual = (n - 1) * (k - 1)

  const one = ratio(msb - msw, msb + (k - 1) * msw)
  const two = ratio(msb - mse, msb + (k - 1) * mse + (k * (msj - mse)) / n)
  const three = ratio(msb - mse, msb + (k - 1) * mse)
  const within = fTest(msb, msw, n - 1, dfWithin)
  const residual = fTest(msb, mse, n - 1, dfResidual)
  const ci1 = oneWayInterval(msb, msw, n - 1, dfWithin, k)
  const ci2 = two === null ? null : twoWayInterval(msb, msj, mse, n, k, two)
  const ci3 = oneWayInterval(msb, mse, n - 1, dfResidual, k)
  return {
    'ICC(1,1)': form(one, ci1, within),
    'ICC(2,1)': form(two, ci2, residual),
    'ICC(3,1)': form(three, ci3, residual),
    'ICC(1,k)': form(ratio(msb - msw, msb), stepUp(ci1, k), within),
    'ICC(2,k)': form(ratio(msb - mse, msb + (msj - mse) / n), stepUp(ci2, k), residual),
    'ICC(3,k)': form(ratio(msb - mse, msb), stepUp(ci3, k), residual),
    n,
  }
}

type FTest = Pick<Icc, 'f' | 'df1' | 'df2' | 'p'>

function fTest(between: number, within: number, df1: number, df2: number): FTest {
  if (within === 0) return { f: null, df1, df2, p: between === 0 ? null : 0 }
  return { f: between / within, df1, df2, p: fUpper(between / within, df1, df2) }
}

/** Limits of ICC(1,1) and ICC(3,1). With no residual variance F is infinite and both limits are 1. */
function oneWayInterval(between: number, within: number, df1: number, df2: number, k: number): Interval | null {
  if (within === 0) return between === 0 ? null : [1, 1]
  const low = between / within / fQuantile(0.975, df1, df2)
  const high = (between / within) * fQuantile(0.975, df2, df1)
  return [(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)]
}

/** Limits of ICC(2,1), with Satterthwaite's degrees of freedom for the denominator. */
function twoWayInterval(msb: number, msj: number, mse: number, n: number, k: number, icc: number): Interval | null {
  const a = k * icc * msj
  const b = (n * (1 + (k - 1) * icc) - k * icc) * mse
  const below = (n - 1) * a * a + b * b
  if (!(below > 0)) return null
  const df = ((k - 1) * (n - 1) * (a + b) ** 2) / below
  if (!(df > 0)) return null
  const upperF = fQuantile(0.975, n - 1, df)
  const lowerF = fQuantile(0.975, df, n - 1)
  const rest = k * msj + (k * n - k - n) * mse
  const low = ratio(n * (msb - upperF * mse), upperF * rest + n * msb)
  const high = ratio(n * (lowerF * msb - mse), rest + n * lowerF * msb)
  return low === null || high === null ? null : [low, high]
}

/** Spearman-Brown: the limits for the mean of k raters. Null where a limit leaves the formula's range. */
function stepUp(ci: Interval | null, k: number): Interval | null {
  if (ci === null) return null
  const [low, high] = ci.map((limit) => ratio(k * limit, 1 + (k - 1) * limit))
  return low === null || low === undefined || high === null || high === undefined ? null : [low, high]
}

/** Null where the denominator is not positive, or the result is not a number a double can hold. */
function ratio(above: number, below: number): number | null {
  const value = above / below
  return below > 0 && Number.isFinite(value) ? value : null
}

function form(estimate: number | null, ci: Interval | null, test: FTest): Icc {
  if (estimate === null) {
    const reason = test.f === null && test.p === null ? reasons.allEqual : reasons.notPositive
    return { estimate, ci: null, ...test, reason }
  }
  if (ci === null)
    return { estimate, ci, ...test, reason: 'the interval is undefined: its denominator is not positive' }
  return test.f === null ? { estimate, ci, ...test, reason: reasons.infiniteF } : { estimate, ci, ...test }
}

function nothing(reason: string): Icc {
  return { estimate: null, ci: null, f: null, df1: null, df2: null, p: null, reason }
}

function everyForm(make: () => Icc): Record<IccForm, Icc> {
  return Object.fromEntries(iccForms.map((name) => [name, make()])) as Record<IccForm, Icc>
}
