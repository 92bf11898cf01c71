import { combine, mostProbable, normalisedEntropy, type Combination } from '../domain/evaluation/ensemble.ts'
import type { ScanPrediction, SlicePrediction } from './types.ts'

export { mostProbable, normalisedEntropy }

/**
 * The scan's grade from its slices: the mean of their probabilities, or the grade that most slices name.
 * @param slices One or more, each with one probability a class.
 * @param rescanFrom First grade that calls for a new scan, or null.
 */
export function predictScan(
  scanId: string,
  slices: SlicePrediction[],
  classes: number[],
  rescanFrom: number | null,
  rule: Combination = 'mean',
): ScanPrediction {
  const { probabilities, label, disagreement } = combine(
    slices.map((slice) => slice.probabilities),
    rule,
  )
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
    sliceDisagreement: disagreement,
  }
}
