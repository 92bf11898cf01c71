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
  return figureOfPatients(clusters ? byPatient(standing, clusters) : eachAlone(standing), options, why)
}

/**
 * How many patients have so many known scans (the first index; none has none) of which so many stand apart (the second).
 * Numbers that no patient has may be left out.
 */
export type Patients = Int32Array[]

/** As `rescanFigureOf`, of patients that are counted already. */
export function figureOfPatients(of: Patients, options: RescanOptions, why: string = reasons.noPairs): RescanFigure {
  let count = 0
  let n = 0
  let patients = 0
  of.forEach((own, scans) =>
    own.forEach((times, apart) => {
      count += times * apart
      n += times * scans
      patients += times
    }),
  )
  const figure = { disagreementRate: n === 0 ? null : count / n, count, n }
  if (n === 0) return { ...figure, ci: null, interval: null, reason: why }
  if (patients === n) return { ...figure, ci: wilsonInterval(count, n), interval: 'Wilson' }
  if (count === 0 || count === n)
    return { ...figure, ci: wilsonInterval(count === 0 ? 0 : patients, patients), interval: 'Wilson over patients' }
  const interval = 'bootstrap by patient'
  if (options.bootstrap === 0) return { ...figure, ci: null, interval, reason: reasons.noBootstrap }
  return { ...figure, ci: resampledRate(kindsOf(of), options), interval }
}

function eachAlone(standing: Uint8Array): Patients {
  const counts = new Int32Array(2)
  for (let s = 0; s < standing.length; s += 1) {
    if (standing[s] === TOGETHER) counts[0]! += 1
    if (standing[s] === APART) counts[1]! += 1
  }
  return [new Int32Array(0), counts]
}

function byPatient(standing: Uint8Array, clusters: Int32Array): Patients {
  if (!standing.some((one) => one !== UNKNOWN)) return []
  let size = 0
  for (let s = 0; s < clusters.length; s += 1) if (clusters[s]! >= size) size = clusters[s]! + 1
  const known = new Int32Array(size)
  const apart = new Int32Array(size)
  for (let s = 0; s < standing.length; s += 1) {
    if (standing[s] === UNKNOWN) continue
    const cluster = clusters[s]!
    known[cluster]! += 1
    if (standing[s] === APART) apart[cluster]! += 1
  }
  // Never more places than scans.
  const patients: Patients = []
  for (let c = 0; c < size; c += 1) {
    const scans = known[c]!
    if (scans === 0) continue
    ;(patients[scans] ??= new Int32Array(scans + 1))[apart[c]!]! += 1
  }
  return patients
}

/** Patients by how many of their scans stand apart (`apart`) of how many known (`known`); `counts` of each kind. */
type PatientKinds = { apart: number[]; known: number[]; counts: Float64Array }

function kindsOf(patients: Patients): PatientKinds {
  const kinds: { apart: number; known: number; count: number }[] = []
  patients.forEach((own, known) => own.forEach((count, apart) => count > 0 && kinds.push({ apart, known, count })))
  kinds.sort((a, b) => a.apart - b.apart || a.known - b.known)
  return {
    apart: kinds.map(({ apart }) => apart),
    known: kinds.map(({ known }) => known),
    counts: Float64Array.from(kinds, ({ count }) => count),
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
