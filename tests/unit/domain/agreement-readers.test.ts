import { describe, expect, it } from 'vitest'
import {
  agreementAtCut,
  drift,
  ratingsFromTable,
  readerBias,
  repeatConsistency,
  tabulate,
} from '../../../src/main/domain/agreement/index.ts'

const scale = [1, 2, 3, 4, 5]

function pairs(...counts: [first: number, second: number, times: number][]) {
  const rows = counts.flatMap(([a, b, times]) => Array.from({ length: times }, () => [a, b]))
  return tabulate(ratingsFromTable(rows, scale, 2))
}

describe('at the re-scan cut', () => {
  it('Byrt, Bishop & Carlin 1993: prevalence and bias index, PABAK; Cicchetti & Feinstein 1990', () => {
    // 40 both, 9 only the first, 6 only the second, 45 neither.
    const at = agreementAtCut(pairs([4, 5, 40], [4, 3, 9], [1, 5, 6], [2, 3, 45]), 0, 1, 4)
    expect(at).toMatchObject({ n: 100, both: 40, onlyFirst: 9, onlySecond: 6, neither: 45 })
    expect(at.observed).toBeCloseTo(0.85, 12)
    expect(at.positive).toBeCloseTo(80 / 95, 12)
    expect(at.negative).toBeCloseTo(90 / 105, 12)
    expect(at.prevalenceIndex).toBeCloseTo(-0.05, 12)
    expect(at.biasIndex).toBeCloseTo(0.03, 12)
    expect(at.pabak).toBeCloseTo(0.7, 12)
    // 2 (C(15,0) + … + C(15,6)) / 2^15
    expect(at.mcnemarP).toBeCloseTo((2 * (1 + 15 + 105 + 455 + 1365 + 3003 + 5005)) / 2 ** 15, 12)
  })

  it('takes the chi-square where many differ, and says what cannot be tested', () => {
    const many = agreementAtCut(pairs([5, 1, 59], [1, 5, 86], [1, 1, 10]), 0, 1, 4)
    expect(many.mcnemarP).toBeCloseTo(0.02496, 4) // z = 27 / sqrt(145) = 2.2422
    const never = agreementAtCut(pairs([5, 5, 3], [1, 2, 4]), 0, 1, 4)
    expect(never).toMatchObject({ positive: 1, negative: 1, mcnemarP: null })
    expect(never.reason).toContain('never differ')
    expect(agreementAtCut(pairs([1, 2, 1]), 0, 1, null).reason).toContain('cut')
    expect(agreementAtCut(pairs(), 0, 1, 4)).toMatchObject({ n: 0, observed: null })
  })
})

describe('who grades higher', () => {
  it('ranks differences with ties as SciPy 1.12 does (wilcoxon, normal form without correction)', () => {
    const table = pairs([3, 1, 3], [2, 1, 4], [1, 2, 2], [4, 1, 1], [2, 2, 2])
    const bias = readerBias(table, 0, 1)
    expect(bias.z).toBeCloseTo(2.1445697019603602, 12)
    expect(bias.p).toBeCloseTo(0.03198726691866416, 12)
    expect(bias.n).toBe(12)
    expect(bias.meanDifference).toBeCloseTo(11 / 12, 12)
    expect(readerBias(table, 1, 0).z).toBeCloseTo(-bias.z!, 12)
  })

  it('gives the t interval of the mean difference', () => {
    const { meanDifference, ci } = readerBias(pairs([2, 1, 1], [3, 1, 1], [4, 1, 1], [1, 1, 1]), 0, 1) // 1, 2, 3, 0
    const half = 3.182446305284263 * Math.sqrt(5 / 3 / 4) // t(0.975, 3)
    expect(ci![0]).toBeCloseTo(meanDifference! - half, 9)
    expect(ci![1]).toBeCloseTo(1.5 + half, 9)
  })

  it('has nothing to test where all grades are equal', () => {
    expect(readerBias(pairs([2, 2, 5]), 0, 1)).toMatchObject({ meanDifference: 0, ci: [0, 0], z: null, p: null })
    expect(readerBias(pairs(), 0, 1)).toMatchObject({ meanDifference: null, n: 0 })
    expect(readerBias(pairs([2, 1, 1]), 0, 1)).toMatchObject({ meanDifference: 1, ci: null })
  })
})

describe('one reader over time', () => {
  it('repeats: same grade, quadratic kappa, re-scan decisions that flip', () => {
    const repeat = repeatConsistency([[1, 1], [3, 4], [5, 5], [2, 2]], scale, 4) // prettier-ignore
    expect(repeat).toMatchObject({ n: 4, same: 0.75, rescan: { count: 1, n: 4, rate: 0.25 } })
    expect(repeat.quadraticKappa).toBeCloseTo(0.9473684210526316, 12) // scikit-learn 1.9, cohen_kappa_score
    expect(repeatConsistency([], scale, 4)).toMatchObject({ n: 0, same: null, quadraticKappa: null })
    expect(repeatConsistency([[2, 2]], scale, 4).reason).toContain('equal')
  })

  it('drifts: slope over the whole of the votes, with the t test of a regression', () => {
    const found = drift([0, 0, 1, 0, 1, 1]) // SciPy 1.12, linregress on x = 0, 0.2, … 1
    expect(found.change).toBeCloseTo(1, 12)
    expect(found.t).toBeCloseTo(1 / 0.5345224838248488, 12)
    expect(found.p).toBeCloseTo(0.13470193531896707, 12)
    expect(found.ci![0]).toBeCloseTo(1 - 2.7764451051977934 * 0.5345224838248488, 8) // t(0.975, 4)
  })

  it('says what it cannot test', () => {
    expect(drift([0, 1])).toMatchObject({ change: null, n: 2 })
    expect(drift([1, 1, 1, 1])).toMatchObject({ change: 0, ci: [0, 0], t: null })
    expect(drift([0, 0.5, 1])).toMatchObject({ change: 1, t: null })
  })
})
