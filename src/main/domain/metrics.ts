import { cohenKappa } from './agreement/cohen.ts'
import { type Interval, reasons } from './agreement/outcome.ts'
import { ConcordError } from './error.ts'
import { numberPatients, patientIntervals, type Resampling, withWidth } from './evaluation/resample.ts'
import { cutIndex, type Scale } from './scale.ts'

/** A scan whose label is known: both grades are grades of the scale. */
export type GradedScan = { truth: number; predicted: number; patient: string }

export type Metric = { estimate: number | null; ci: Interval | null; n: number; reason?: string }

/** One class against the rest. Null where no scan has (sensitivity), or lacks (specificity), the class. */
export type ClassMetrics = {
  category: number
  /** Scans whose label is this grade. */
  n: number
  sensitivity: number | null
  specificity: number | null
  precision: number | null
  f1: number | null
  reason?: string
}

const NO_SCANS = 'cannot be computed: there are no scans'
const NO_CLASS = 'a rate has no scan to be computed from'

/**
 * How well grades are predicted: accuracy, accuracy at the re-scan cut with sensitivity and specificity, quadratic kappa,
 * mean absolute error (in grades), each with a 95 % percentile interval of a bootstrap by patient; figures of each class;
 * confusion[true][predicted]. Throws `unknown-grade` for a grade off the scale.
 */
export function modelMetrics(scans: readonly GradedScan[], scale: Scale, resampling: Resampling) {
  const { categories } = scale
  const cut = cutIndex(categories, scale.rescanFrom)
  const count = counter(scans, categories)
  const figures = (weights: Float64Array) => figuresOf(count(weights), categories, cut)
  const once = new Float64Array(scans.length).fill(1)
  const values = figures(once)
  const names = Object.keys(values) as (keyof typeof values)[]
  const { patient, patients } = numberPatients(scans.map((scan) => scan.patient))
  const intervals = patientIntervals(patient, patients, (weights) => Object.values(figures(weights)), resampling)
  const metric = (name: keyof typeof values): Metric => {
    const estimate = values[name]
    const interval = withWidth(intervals[names.indexOf(name)]!, estimate, { share: rates.has(name), patients })
    const reason = estimate === null ? whyNull(scans.length, cut, name) : interval.reason
    const ci = estimate === null ? null : interval.ci
    return { estimate, ci, n: scans.length, ...(reason === undefined ? {} : { reason }) }
  }
  const counts = count(once)
  const q = categories.length
  return {
    n: scans.length,
    accuracy: metric('accuracy'),
    rescanAccuracy: metric('rescanAccuracy'),
    rescanSensitivity: metric('rescanSensitivity'),
    rescanSpecificity: metric('rescanSpecificity'),
    quadraticKappa: metric('quadraticKappa'),
    meanAbsoluteError: metric('meanAbsoluteError'),
    /** What always answering the commonest grade of these scans would score. */
    majorityClassRate: scans.length === 0 ? null : largestShare(counts, q),
    perClass: categories.map((category, k) => classMetrics(counts, q, k, category)),
    confusion: Array.from({ length: q }, (_, i) => Array.from(counts.subarray(i * q, (i + 1) * q))),
    ...(scans.length === 0 ? { reason: NO_SCANS } : {}),
  }
}

/**
 * What always giving the commonest re-scan decision of the training labels would score on other labels: the rate a
 * network must beat. Null without labels or cut. Equally common: no re-scan, the decision that costs the patient nothing.
 */
export function majorityDecisionRate(
  training: readonly number[],
  labels: readonly number[],
  rescanFrom: number | null,
): number | null {
  if (rescanFrom === null || training.length === 0 || labels.length === 0) return null
  const rescan = (grades: readonly number[]) => grades.filter((grade) => grade >= rescanFrom).length
  const always = 2 * rescan(training) > training.length
  return (always ? rescan(labels) : labels.length - rescan(labels)) / labels.length
}

/** Figures that are shares of scans. */
const rates = new Set(['accuracy', 'rescanAccuracy'])

function figuresOf(counts: Float64Array, categories: readonly number[], cut: number | null) {
  const q = categories.length
  let n = 0
  let right = 0
  let error = 0
  const decision = [0, 0, 0, 0] // [truth][predicted], 0 below the cut, 1 from it
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j < q; j += 1) {
      const count = counts[i * q + j]!
      n += count
      if (i === j) right += count
      error += count * Math.abs(categories[i]! - categories[j]!)
      if (cut !== null) decision[(i >= cut ? 2 : 0) + (j >= cut ? 1 : 0)]! += count
    }
  }
  const [keepKept, keepRescanned, rescanKept, rescanned] = decision as [number, number, number, number]
  return {
    accuracy: ratio(right, n),
    rescanAccuracy: cut === null ? null : ratio(keepKept + rescanned, n),
    rescanSensitivity: cut === null ? null : ratio(rescanned, rescanned + rescanKept),
    rescanSpecificity: cut === null ? null : ratio(keepKept, keepKept + keepRescanned),
    quadraticKappa: n === 0 ? null : cohenKappa(counts, categories, 'quadratic').estimate,
    meanAbsoluteError: ratio(error, n),
  }
}

function classMetrics(counts: Float64Array, q: number, k: number, category: number): ClassMetrics {
  let row = 0
  let column = 0
  let all = 0
  for (let i = 0; i < q; i += 1) {
    row += counts[k * q + i]!
    column += counts[i * q + k]!
  }
  for (const count of counts) all += count
  const hit = counts[k * q + k]!
  const metrics = {
    category,
    n: row,
    sensitivity: ratio(hit, row),
    specificity: ratio(all - row - column + hit, all - row),
    precision: ratio(hit, column),
    f1: ratio(2 * hit, row + column),
  }
  return Object.values(metrics).includes(null) ? { ...metrics, reason: NO_CLASS } : metrics
}

function largestShare(counts: Float64Array, q: number): number {
  const rows = new Float64Array(q)
  counts.forEach((count, at) => (rows[Math.floor(at / q)]! += count))
  return Math.max(...rows) / rows.reduce((sum, count) => sum + count, 0)
}

function ratio(above: number, below: number): number | null {
  return below > 0 ? above / below : null
}

function whyNull(scans: number, cut: number | null, name: string): string {
  if (scans === 0) return NO_SCANS
  if (name.startsWith('rescan')) return cut === null ? reasons.noCut : NO_CLASS
  return reasons.allEqual
}

/** Counts scans by label and predicted grade, row by row, each as often as its weight says. */
function counter(scans: readonly GradedScan[], categories: readonly number[]) {
  const q = categories.length
  const code = (grade: number): number => {
    const index = categories.indexOf(grade)
    if (index < 0) throw new ConcordError('unknown-grade', `Grade ${grade} is not on the scale.`, 'grade')
    return index
  }
  const cells = scans.map(({ truth, predicted }) => code(truth) * q + code(predicted))
  return (weights: Float64Array): Float64Array => {
    const counts = new Float64Array(q * q)
    cells.forEach((cell, scan) => (counts[cell]! += weights[scan]!))
    return counts
  }
}
