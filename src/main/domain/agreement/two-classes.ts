import { reasons } from './outcome.ts'
import { APART, rescanFigureOf, TOGETHER, UNKNOWN, type RescanFigure, type RescanOptions } from './rescan-figure.ts'

/** What somebody says of a scan, or what is true of it. */
export const POSITIVE = 1
export const NEGATIVE = 0
export const SILENT = -1

/** A share of scans with its interval. */
export interface Share {
  rate: number | null
  count: number
  n: number
  ci: [number, number] | null
  reason?: string
}

/** How one who sorts scans in two classes stands to a reference; sensitivity and specificity as usual (TP / (TP + FN), TN / (TN + FP)). */
export interface TwoClassFigures {
  tp: number
  tn: number
  fp: number
  fn: number
  sensitivity: Share
  specificity: Share
  accuracy: Share
}

/**
 * Compares what was said with a reference, on the scans that have both. Intervals are Wilson's; where a patient has several
 * scans (`clusters`, a number for each scan) a bootstrap over patients.
 */
export function twoClassFigures(
  said: Int8Array,
  reference: Int8Array,
  clusters: Int32Array | null,
  options: RescanOptions,
): TwoClassFigures {
  const counts = [0, 0, 0, 0]
  const ofPositive = new Uint8Array(said.length).fill(UNKNOWN)
  const ofNegative = new Uint8Array(said.length).fill(UNKNOWN)
  const ofAll = new Uint8Array(said.length).fill(UNKNOWN)
  for (let i = 0; i < said.length; i += 1) {
    const own = said[i]!
    const truth = reference[i]!
    if (own === SILENT || truth === SILENT) continue
    counts[2 * truth + own]! += 1
    ofAll[i] = own === truth ? APART : TOGETHER
    if (truth === POSITIVE) ofPositive[i] = ofAll[i]!
    else ofNegative[i] = ofAll[i]!
  }
  const share = (standing: Uint8Array, why: string): Share => shareOf(rescanFigureOf(standing, clusters, options, why))
  const [tn, fp, fn, tp] = counts as [number, number, number, number]
  return {
    ...{ tp, tn, fp, fn },
    sensitivity: share(ofPositive, reasons.noPositive),
    specificity: share(ofNegative, reasons.noNegative),
    accuracy: share(ofAll, reasons.noReference),
  }
}

const shareOf = ({ disagreementRate: rate, count, n, ci, reason }: RescanFigure): Share => ({
  ...{ rate, count, n, ci },
  ...(reason === undefined ? {} : { reason }),
})

/** Of each scan how many say something, and how many of these POSITIVE. */
export interface Said {
  all: Int32Array
  positive: Int32Array
}

/** @param answers of each reader, scan by scan, all as long: POSITIVE, negative or SILENT */
export function saidBy(answers: readonly Int8Array[]): Said {
  const size = answers[0]?.length ?? 0
  const said = { all: new Int32Array(size), positive: new Int32Array(size) }
  for (const own of answers)
    for (let scan = 0; scan < size; scan += 1) {
      said.all[scan]! += Number(own[scan] !== SILENT)
      said.positive[scan]! += Number(own[scan] === POSITIVE)
    }
  return said
}

/**
 * What more than half of those who say something say of each scan, one of them (`without`) left out; SILENT where there is no
 * such class or fewer than two speak.
 */
export function majorityOf({ all, positive }: Said, without?: Int8Array): Int8Array {
  const decided = new Int8Array(all.length).fill(SILENT)
  for (let scan = 0; scan < all.length; scan += 1) {
    const own = without?.[scan] ?? SILENT
    const voices = all[scan]! - Number(own !== SILENT)
    const lead = 2 * (positive[scan]! - Number(own === POSITIVE)) - voices
    if (voices >= 2 && lead !== 0) decided[scan] = lead > 0 ? POSITIVE : NEGATIVE
  }
  return decided
}
