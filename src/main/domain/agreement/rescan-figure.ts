import { resampleCounts } from '../binomial.ts'
import { randomFrom } from '../random.ts'
import { percentile } from './bootstrap.ts'
import { type Interval, reasons } from './outcome.ts'
import { wilsonInterval } from './wilson.ts'

/** The re-scan disagreement of some scans, with the interval that suits them. */
export type RescanFigure = {
  disagreementRate: number | null
  /** Scans whose votes fall on both sides of the cut, of `n` with two or more votes. */
  count: number
  n: number
  ci: Interval | null
  interval: 'Wilson' | 'bootstrap by patient' | 'Wilson over patients' | null
  reason?: string
}

/** How a scan stands to the cut: fewer than two votes, all votes on one side, votes on both sides. */
export const APART = 2
export const TOGETHER = 1
export const UNKNOWN = 0

export type RescanOptions = {
  /** Resamples where a patient has several scans; 0 asks for no interval there. */
  bootstrap: number
  seed: number | string
}

/**
 * The rate and its interval over scans that stand as `standing` says (one element a scan). The interval is Wilson's. Where
 * a patient has several scans (`clusters`: a number for each scan, or null) that would be too narrow: it is the percentile
 * interval of a bootstrap over patients. At none or all of the scans every resample is alike and the bootstrap knows no
 * uncertainty: there it is Wilson's over patients, as if a patient's scans were one.
 */
export function rescanFigureOf(
  standing: Uint8Array,
  clusters: Int32Array | null,
  options: RescanOptions,
  why: string = reasons.noPairs,
): RescanFigure {
  let count = 0
  let n = 0
  for (let s = 0; s < standing.length; s += 1) {
    if (standing[s] !== UNKNOWN) n += 1
    if (standing[s] === APART) count += 1
  }
  const figure = { disagreementRate: n === 0 ? null : count / n, count, n }
  if (n === 0) return { ...figure, ci: null, interval: null, reason: why }
  const kinds = clusters && patientKinds(standing, clusters)
  if (!kinds || kinds.patients === n) return { ...figure, ci: wilsonInterval(count, n), interval: 'Wilson' }
  if (count === 0 || count === n) {
    const { patients } = kinds
    return { ...figure, ci: wilsonInterval(count === 0 ? 0 : patients, patients), interval: 'Wilson over patients' }
  }
  const interval = 'bootstrap by patient'
  if (options.bootstrap === 0) return { ...figure, ci: null, interval, reason: reasons.noBootstrap }
  return { ...figure, ci: resampledRate(kinds, options), interval }
}

/** Patients by how many of their scans stand apart (`apart`) of how many known (`known`); `counts` of each kind. */
type PatientKinds = { apart: number[]; known: number[]; counts: Float64Array; patients: number }

function patientKinds(standing: Uint8Array, clusters: Int32Array): PatientKinds {
  let size = 0
  for (let s = 0; s < clusters.length; s += 1) if (clusters[s]! >= size) size = clusters[s]! + 1
  const known = new Int32Array(size)
  const apart = new Int32Array(size)
  let most = 0
  for (let s = 0; s < standing.length; s += 1) {
    if (standing[s] === UNKNOWN) continue
    const cluster = clusters[s]!
    known[cluster]! += 1
    if (known[cluster]! > most) most = known[cluster]!
    if (standing[s] === APART) apart[cluster]! += 1
  }
  // Counts by known, then by apart: never more places than scans.
  const tally: Int32Array[] = []
  let patients = 0
  for (let c = 0; c < size; c += 1) {
    const scans = known[c]!
    if (scans === 0) continue
    patients += 1
    ;(tally[scans] ??= new Int32Array(scans + 1))[apart[c]!]! += 1
  }
  const kinds: [key: number, count: number][] = []
  tally.forEach((counts, scans) =>
    counts.forEach((count, crossing) => count > 0 && kinds.push([crossing * (most + 1) + scans, count])),
  )
  kinds.sort(([a], [b]) => a - b)
  return {
    apart: kinds.map(([key]) => Math.floor(key / (most + 1))),
    known: kinds.map(([key]) => key % (most + 1)),
    counts: Float64Array.from(kinds, ([, count]) => count),
    patients,
  }
}

/** B. Efron & R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13, whole patients drawn with replacement. */
function resampledRate({ apart, known, counts }: PatientKinds, { bootstrap, seed }: RescanOptions): Interval {
  const random = randomFrom(`bootstrap/${seed}/rescan`)
  const kinds = Int32Array.from(counts, (_, kind) => kind)
  const drawn = new Float64Array(counts.length)
  const rates = new Float64Array(bootstrap)
  for (let b = 0; b < bootstrap; b += 1) {
    resampleCounts(random, counts, kinds, drawn)
    let above = 0
    let below = 0
    for (let kind = 0; kind < drawn.length; kind += 1) {
      above += drawn[kind]! * apart[kind]!
      below += drawn[kind]! * known[kind]!
    }
    rates[b] = above / below
  }
  rates.sort()
  return [percentile(rates, 0.025), percentile(rates, 0.975)]
}
