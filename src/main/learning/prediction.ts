import type { ScanPrediction, SlicePrediction } from './types.ts'

/**
 * The scan's grade from its slices: the mean of their probabilities.
 * @param slices One or more, each with one probability a class.
 * @param rescanFrom First grade that calls for a new scan, or null.
 */
export function predictScan(
  scanId: string,
  slices: SlicePrediction[],
  classes: number[],
  rescanFrom: number | null,
): ScanPrediction {
  const probabilities = meanProbabilities(slices)
  const label = mostProbable(probabilities)
  const expected = (values: number[]): number =>
    values.reduce((sum, value, index) => sum + value * probabilities[index]!, 0)
  return {
    scanId,
    slices,
    probabilities,
    label,
    grade: classes[label]!,
    expectedGrade: expected(classes),
    rescanProbability: rescanFrom === null ? null : expected(classes.map((grade) => (grade >= rescanFrom ? 1 : 0))),
    uncertainty: normalisedEntropy(probabilities),
    sliceDisagreement: slices.filter((slice) => mostProbable(slice.probabilities) !== label).length / slices.length,
  }
}

/** Index of the largest value, the lower one of equals. */
export function mostProbable(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}

/** Shannon entropy over its largest possible value, ln k (Shannon 1948): 0 for a certain guess, 1 for a uniform one. */
export function normalisedEntropy(probabilities: number[]): number {
  if (probabilities.length < 2) return 0
  const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
  return Math.min(1, Math.max(0, entropy / Math.log(probabilities.length)))
}

/** Mean over the slices, scaled to sum to 1 exactly enough for arithmetic in double precision. */
function meanProbabilities(slices: SlicePrediction[]): number[] {
  const sums = slices[0]!.probabilities.map((_, index) =>
    slices.reduce((sum, slice) => sum + slice.probabilities[index]!, 0),
  )
  const total = sums.reduce((sum, value) => sum + value, 0)
  return sums.map((sum) => sum / total)
}
