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
  const count = (truth: number, answer: number): number =>
    said.reduce((sum, own, i) => (own === answer && reference[i] === truth ? sum + 1 : sum), 0)
  const share = (of: (truth: number) => boolean, why: string): Share => {
    const standing = Uint8Array.from(said, (own, i) => {
      const truth = reference[i]!
      if (own === SILENT || truth === SILENT || !of(truth)) return UNKNOWN
      return own === truth ? APART : TOGETHER
    })
    return shareOf(rescanFigureOf(standing, clusters, options, why))
  }
  return {
    tp: count(POSITIVE, POSITIVE),
    tn: count(NEGATIVE, NEGATIVE),
    fp: count(NEGATIVE, POSITIVE),
    fn: count(POSITIVE, NEGATIVE),
    sensitivity: share((truth) => truth === POSITIVE, reasons.noPositive),
    specificity: share((truth) => truth === NEGATIVE, reasons.noNegative),
    accuracy: share(() => true, reasons.noReference),
  }
}

const shareOf = ({ disagreementRate: rate, count, n, ci, reason }: RescanFigure): Share => ({
  ...{ rate, count, n, ci },
  ...(reason === undefined ? {} : { reason }),
})

/** What more than half of those who say something say of each scan; SILENT where there is no such class or fewer than two speak. */
export function majorityOf(answers: readonly Int8Array[]): Int8Array {
  const size = answers[0]?.length ?? 0
  const decided = new Int8Array(size).fill(SILENT)
  for (let scan = 0; scan < size; scan += 1) {
    let positive = 0
    let all = 0
    for (const own of answers) {
      if (own[scan] === SILENT) continue
      all += 1
      if (own[scan] === POSITIVE) positive += 1
    }
    if (all >= 2 && 2 * positive !== all) decided[scan] = 2 * positive > all ? POSITIVE : NEGATIVE
  }
  return decided
}
