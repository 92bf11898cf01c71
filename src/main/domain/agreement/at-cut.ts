import { normalTwoSided } from '../distributions.ts'
import { cutIndex } from '../scale.ts'
import { confusionCounts } from './confusion.ts'
import { reasons } from './outcome.ts'
import type { Table } from './table.ts'

/** Two readers' re-scan decisions: "scan again" is positive. Rates are fractions; each is null where it is 0/0. */
export type CutAgreement = {
  n: number
  /** Positive where both, where only the first, where only the second, and where neither would scan again. */
  both: number
  onlyFirst: number
  onlySecond: number
  neither: number
  observed: number | null
  positive: number | null
  negative: number | null
  prevalenceIndex: number | null
  biasIndex: number | null
  /** Kappa adjusted for prevalence and bias: 2 observed - 1. */
  pabak: number | null
  /** McNemar's test that both scan again equally often: exact where fewer than 25 decisions differ. */
  mcnemarP: number | null
  reason?: string
}

/**
 * Agreement at the re-scan cut: positive and negative agreement (D. Cicchetti & A. Feinstein, J Clin Epidemiol 43, 551-558,
 * 1990), prevalence and bias index and PABAK (T. Byrt, J. Bishop & J. Carlin, J Clin Epidemiol 46, 423-429, 1993), over
 * the subjects with both votes, whose `confusionCounts` may be given. The indices keep their sign: positive where "scan again", or the first reader, prevails.
 */
export function agreementAtCut(
  table: Table,
  a: number,
  b: number,
  rescanFrom: number | null,
  counts: Float64Array = confusionCounts(table, a, b),
): CutAgreement {
  const cut = cutIndex(table.categories, rescanFrom)
  const q = table.categories.length
  const cells = [0, 0, 0, 0]
  if (cut !== null) {
    counts.forEach((count, at) => {
      cells[(Math.floor(at / q) >= cut ? 0 : 2) + (at % q >= cut ? 0 : 1)]! += count
    })
  }
  const [both, onlyFirst, onlySecond, neither] = cells as [number, number, number, number]
  const n = both + onlyFirst + onlySecond + neither
  const apart = onlyFirst + onlySecond
  const share = (above: number, below: number) => (below > 0 ? above / below : null)
  const result = {
    n,
    both,
    onlyFirst,
    onlySecond,
    neither,
    observed: share(both + neither, n),
    positive: share(2 * both, 2 * both + apart),
    negative: share(2 * neither, 2 * neither + apart),
    prevalenceIndex: share(both - neither, n),
    biasIndex: share(onlyFirst - onlySecond, n),
    pabak: share(both + neither - apart, n),
    mcnemarP: apart === 0 ? null : mcnemar(onlyFirst, onlySecond),
  }
  if (cut === null) return { ...result, reason: reasons.noCut }
  if (n === 0) return { ...result, reason: reasons.noCommon }
  if (apart === 0) return { ...result, reason: 'nothing to test: the two never differ at the re-scan cut' }
  return result
}

/** Two-sided: the binomial law of the smaller count, or the chi-square of (b - c)^2 / (b + c) where there are many. */
function mcnemar(b: number, c: number): number {
  const n = b + c
  if (n >= 25) return normalTwoSided((b - c) / Math.sqrt(n))
  let term = 0.5 ** n
  let below = 0
  for (let k = 0; k <= Math.min(b, c); k += 1) {
    below += term
    term *= (n - k) / (k + 1)
  }
  return Math.min(1, 2 * below)
}
