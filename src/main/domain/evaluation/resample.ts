import { percentile } from '../agreement/bootstrap.ts'
import { type Interval, reasons } from '../agreement/outcome.ts'
import { wilsonInterval } from '../agreement/wilson.ts'
import { randomFrom } from '../random.ts'

export type Resampling = { resamples: number; seed: number | string }
export type ResampledInterval = { ci: Interval | null; reason?: string }

/** The draws behind every interval of a network's figures: a figure has one interval, wherever it is shown. */
export const networkResampling: Resampling = { resamples: 1000, seed: 1 }

/**
 * The scans' patients as numbers, 0 to `patients` - 1, in the order of their identifiers: so the same scans give the same
 * interval in whatever order they come.
 */
export function numberPatients(ofScans: readonly string[]): { patient: Int32Array; patients: number } {
  const known = new Map([...new Set(ofScans)].sort().map((name, number) => [name, number]))
  return { patient: Int32Array.from(ofScans, (name) => known.get(name)!), patients: known.size }
}

/**
 * Percentile intervals (95 %) of several statistics by one bootstrap of patients (Efron & Tibshirani 1993, chapter 13): all
 * scans of a drawn patient count together, since they are not independent. A resample in which a statistic is undefined is
 * left out for it; if that is so in more than half of them there is no interval.
 * @param patient For each scan the number of its patient, 0 to `patients` - 1.
 * @param statistics Values for scans counted as often as their weights say.
 */
export function patientIntervals(
  patient: Int32Array,
  patients: number,
  statistics: (weights: Float64Array) => readonly (number | null)[],
  { resamples, seed }: Resampling,
): ResampledInterval[] {
  const weights = new Float64Array(patient.length).fill(1)
  const width = statistics(weights).length
  if (resamples === 0) return Array.from({ length: width }, () => ({ ci: null, reason: reasons.noBootstrap }))
  const random = randomFrom(`evaluation/${seed}`)
  const drawn = new Float64Array(patients)
  const values: number[][] = Array.from({ length: width }, () => [])
  for (let b = 0; b < resamples && patients > 0; b += 1) {
    drawn.fill(0)
    for (let i = 0; i < patients; i += 1) drawn[Math.floor(random.uniform() * patients)]! += 1
    for (let scan = 0; scan < weights.length; scan += 1) weights[scan] = drawn[patient[scan]!]!
    statistics(weights).forEach((value, i) => value !== null && values[i]!.push(value))
  }
  return values.map((all) => {
    if (all.length === 0 || all.length < resamples / 2) return { ci: null, reason: reasons.fewResamples }
    const sorted = Float64Array.from(all).sort()
    return { ci: [percentile(sorted, 0.025), percentile(sorted, 0.975)] }
  })
}

/**
 * Where all resamples give one value the percentile interval has no width, as if nothing were uncertain. A share of none or all of
 * the scans has Wilson's interval over patients in its place; another figure then has no interval.
 */
export function withWidth(
  interval: ResampledInterval,
  estimate: number | null,
  { share, patients }: { share: boolean; patients: number },
): ResampledInterval {
  if (estimate === null || interval.ci === null || interval.ci[0] < interval.ci[1]) return interval
  if (share && (estimate === 0 || estimate === 1)) return { ci: wilsonInterval(estimate * patients, patients) }
  return { ci: null, reason: reasons.alikeResamples }
}
