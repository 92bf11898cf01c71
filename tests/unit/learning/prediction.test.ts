import { describe, expect, it } from 'vitest'
import { balancedClassWeights } from '../../../src/main/learning/class-weights.ts'
import { normalisedEntropy, predictScan } from '../../../src/main/learning/prediction.ts'
import { sliceFigures } from '../../../src/main/learning/scoring.ts'

const slices = (...rows: number[][]): { slice: number; probabilities: number[] }[] =>
  rows.map((probabilities, slice) => ({ slice, probabilities }))

describe('a scan from its slices', () => {
  it('has the mean of their probabilities and the grade that is most probable', () => {
    const scan = predictScan(
      's',
      slices([0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.1, 0.5, 0.4], [0.1, 0.4, 0.5]),
      [1, 3, 5],
      4,
    )
    expect(scan.probabilities.map((p) => Number(p.toFixed(12)))).toEqual([0.25, 0.4, 0.35])
    expect(scan).toMatchObject({ label: 1, grade: 3, sliceDisagreement: 0.5 })
    expect(scan.expectedGrade).toBeCloseTo(0.25 + 1.2 + 1.75, 12)
    expect(scan.rescanProbability).toBeCloseTo(0.35, 12)
    // - sum p ln p / ln 3
    expect(scan.uncertainty).toBeCloseTo(0.9835386, 6)
  })

  it('takes the lower grade of equally probable ones, and no cut where the scale has none', () => {
    expect(predictScan('s', slices([0.5, 0.5]), [1, 2], null)).toMatchObject({ grade: 1, rescanProbability: null })
  })

  it('is certain at 0 and clueless at 1', () => {
    expect(normalisedEntropy([0, 1, 0])).toBe(0)
    expect(normalisedEntropy([0.2, 0.2, 0.2, 0.2, 0.2])).toBeCloseTo(1, 12)
    expect(normalisedEntropy([1])).toBe(0)
  })
})

describe('figures of an epoch', () => {
  it('are the cross-entropy with the label or the votes, and the fraction right', () => {
    const scans = [{ label: 0 }, { label: 1, distribution: [0.25, 0.75] }]
    const predictions = [
      predictScan('a', slices([0.9, 0.1], [0.4, 0.6]), [1, 2], null),
      predictScan('b', slices([0.2, 0.8], [0, 1]), [1, 2], null),
    ]
    const { loss, accuracy } = sliceFigures(scans, predictions, { classes: [1, 2] })
    const terms = [-Math.log(0.9), -Math.log(0.4), -0.25 * Math.log(0.2) - 0.75 * Math.log(0.8), -0.25 * Math.log(1e-7)]
    expect(loss).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 4, 12)
    expect(accuracy).toBe(0.75)
  })
})

describe('class weights', () => {
  it('make each class count the same and keep the mean at 1', () => {
    const labels = [0, 0, 0, 0, 1, 1, 3, 3]
    const weights = balancedClassWeights(labels, 4)
    expect(weights).toEqual([8 / 12, 8 / 6, 0, 8 / 6])
    expect(labels.reduce((sum, label) => sum + weights[label]!, 0)).toBeCloseTo(labels.length, 12)
  })
})
