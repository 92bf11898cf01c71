import { type Interval, reasons } from '../agreement/outcome.ts'
import { cutIndex, type Scale } from '../scale.ts'
import { lnGamma } from '../special.ts'
import { figuresOf, type FigureName } from './figures.ts'
import { gradedColumns, type GradedScan } from './graded.ts'
import { patientIntervals, type Resampling } from './resample.ts'

/** McNemar's test on pairs: how often only the first was right, and only the second. */
export type McNemar = { onlyFirst: number; onlySecond: number; p: number | null; reason?: string }

/** Second less first, with the interval of a bootstrap by patient that resamples both alike. */
export type Difference = {
  name: FigureName
  target: 'all' | 'cut' | number
  first: number | null
  second: number | null
  difference: number | null
  ci: Interval | null
  reason?: string
}

export type PairedComparison = {
  /** Scans that both graded and neither learned from. */
  scans: number
  patients: number
  /** Right about the grade; right about the re-scan (null without a cut). */
  grade: McNemar
  rescan: McNemar | null
  differences: Difference[]
}

const noValue = 'cannot be computed: no scan has, or every scan has, this grade'

/**
 * Two networks on the same held-out scans. `first` and `second` list the same scans with the same labels, in one order.
 */
export function compareOnSame(
  first: readonly GradedScan[],
  second: readonly GradedScan[],
  scale: Scale,
  resampling: Resampling,
): PairedComparison {
  const cut = cutIndex(scale.categories, scale.rescanFrom)
  const [a, b] = [gradedColumns(first, scale, cut), gradedColumns(second, scale, cut)]
  const [ofA, ofB] = [figuresOf(a), figuresOf(b)]
  const ones = new Float64Array(a.n).fill(1)
  const [valuesA, valuesB] = [ofA.of(ones), ofB.of(ones)]
  const less = (x: number | null, y: number | null): number | null => (x === null || y === null ? null : y - x)
  const intervals = patientIntervals(
    a.patient,
    a.patients,
    (weights) => {
      const one = ofA.of(weights)
      return ofB.of(weights).map((value, i) => less(one[i]!, value))
    },
    resampling,
  )
  const right = (of: typeof a, same: (x: number, y: number) => boolean) =>
    [...of.truth].map((code, i) => same(code, of.predicted[i]!))
  const grades = (x: number, y: number): boolean => x === y
  const decisions = (x: number, y: number): boolean => x >= cut! === y >= cut!
  return {
    scans: a.n,
    patients: a.patients,
    grade: mcnemar(right(a, grades), right(b, grades)),
    rescan: cut === null ? null : mcnemar(right(a, decisions), right(b, decisions)),
    differences: ofA.keys.map(({ name, target }, i) => {
      const difference = less(valuesA[i]!, valuesB[i]!)
      const { ci, reason } = intervals[i]!
      const alike = ci !== null && ci[0] === ci[1]
      const why = difference === null ? noValue : alike ? reasons.alikeResamples : reason
      return {
        name,
        target: target === null ? ('all' as const) : target.kind === 'cut' ? ('cut' as const) : target.category,
        first: valuesA[i]!,
        second: valuesB[i]!,
        difference,
        ci: difference === null || alike ? null : ci,
        ...(why === undefined ? {} : { reason: why }),
      }
    }),
  }
}

/**
 * McNemar's test, exact (Q. McNemar, Psychometrika 12, 153-157, 1947; two-sided binomial law of the pairs that differ), for
 * two graders of the same scans: are both right equally often?
 */
export function mcnemar(first: readonly boolean[], second: readonly boolean[]): McNemar {
  let onlyFirst = 0
  let onlySecond = 0
  first.forEach((right, scan) => {
    if (right && !second[scan]) onlyFirst += 1
    if (!right && second[scan]) onlySecond += 1
  })
  const n = onlyFirst + onlySecond
  if (n === 0) return { onlyFirst, onlySecond, p: null, reason: 'nothing to test: both are right about the same scans' }
  let below = 0
  const half = n * Math.LN2
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k += 1)
    below += Math.exp(lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1) - half)
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * below) }
}
