import { ConcordError } from '../error.ts'
import type { Scale } from '../scale.ts'
import { numberPatients } from './resample.ts'

/** A scan with its label and what a network (or a reader in a network's place) says of it. */
export type GradedScan = {
  scan: string
  patient: string
  /** Grade of the frozen label. */
  truth: number
  /** Grade that was given. */
  predicted: number
  /** One a grade of the scale, lowest first, sums to 1. */
  probabilities: readonly number[]
}

/** The same by columns, as indices into the scale: what the statistics are computed from. */
export type Graded = {
  n: number
  categories: readonly number[]
  /** Index of the first grade from the re-scan cut on; null without a cut. */
  cut: number | null
  truth: Int32Array
  predicted: Int32Array
  /** One column a target (targets.ts): the larger, the more the scan looks positive. */
  scores: readonly Float64Array[]
  /** For each scan the number of its patient. */
  patient: Int32Array
  patients: number
}

/** Throws `unknown-grade` for a grade off the scale. */
export function gradedColumns(scans: readonly GradedScan[], scale: Scale, cut: number | null): Graded {
  const { categories } = scale
  const index = (grade: number): number => {
    const at = categories.indexOf(grade)
    if (at < 0) throw new ConcordError('unknown-grade', `Grade ${grade} is not on the scale.`, 'grade')
    return at
  }
  const from = (first: number) =>
    Float64Array.from(scans, ({ probabilities }) => probabilities.slice(first).reduce((sum, p) => sum + p, 0))
  return {
    n: scans.length,
    categories,
    cut,
    truth: Int32Array.from(scans, ({ truth }) => index(truth)),
    predicted: Int32Array.from(scans, ({ predicted }) => index(predicted)),
    scores: [
      ...(cut === null ? [] : [from(cut)]),
      ...categories.map((_, k) => Float64Array.from(scans, ({ probabilities }) => probabilities[k]!)),
    ],
    ...numberPatients(scans.map(({ patient }) => patient)),
  }
}
