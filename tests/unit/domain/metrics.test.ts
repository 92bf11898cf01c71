import { describe, expect, it } from 'vitest'
import { majorityDecisionRate, modelMetrics } from '../../../src/main/domain/metrics.ts'

/** A text that contains `part`, inside an expected object. */
const text = (part: string) => expect.stringContaining(part) as string

const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const none = { resamples: 0, seed: 1 }
const scans = (pairs: [truth: number, predicted: number][]) =>
  pairs.map(([truth, predicted], i) => ({ truth, predicted, patient: `p${i}` }))

describe('modelMetrics', () => {
  const metrics = modelMetrics(scans([[1, 1], [1, 2], [3, 3], [3, 4], [4, 4], [5, 3], [5, 5], [1, 1]]), scale, none) // prettier-ignore

  it('counts by hand', () => {
    expect(metrics.accuracy.estimate).toBe(5 / 8)
    expect(metrics.rescanAccuracy.estimate).toBe(6 / 8)
    expect(metrics.rescanSensitivity.estimate).toBe(2 / 3)
    expect(metrics.rescanSpecificity.estimate).toBe(4 / 5)
    expect(metrics.meanAbsoluteError.estimate).toBe(4 / 8)
    expect(metrics.majorityClassRate).toBe(3 / 8)
    expect(metrics.confusion[0]).toEqual([2, 1, 0, 0, 0])
    expect(metrics.perClass[0]).toEqual({
      category: 1,
      n: 3,
      sensitivity: 2 / 3,
      specificity: 1,
      precision: 1,
      f1: 4 / 5,
    })
    expect(metrics.perClass[1]).toMatchObject({ sensitivity: null, precision: 0, f1: 0, reason: text('') })
    expect(metrics.accuracy).toMatchObject({ ci: null, reason: text('bootstrap') })
  })

  it('agrees with the definition of quadratic kappa', () => {
    // 1 - sum of squared differences over what independent margins would give (Cohen 1968).
    const pairs = [[1, 1], [1, 2], [3, 3], [3, 4], [4, 4], [5, 3], [5, 5], [1, 1]] as const // prettier-ignore
    let [observed, expected] = [0, 0]
    for (const [a, b] of pairs) {
      observed += (a - b) ** 2 / 8
      for (const [, c] of pairs) expected += (a - c) ** 2 / 64
    }
    expect(metrics.quadraticKappa.estimate).toBeCloseTo(1 - observed / expected, 12)
  })

  it('says why, of nothing and where only one grade occurs', () => {
    const empty = modelMetrics([], scale, none)
    expect(empty.accuracy).toMatchObject({ estimate: null, n: 0, reason: text('no scans') })
    expect(empty.majorityClassRate).toBeNull()
    const same = modelMetrics(scans([[2, 2], [2, 2]]), scale, none) // prettier-ignore
    expect(same.accuracy.estimate).toBe(1)
    expect(same.quadraticKappa).toMatchObject({ estimate: null, reason: text('equal') })
    expect(same.rescanSensitivity).toMatchObject({ estimate: null, reason: text('') })
    const noCut = modelMetrics(scans([[2, 2]]), { ...scale, rescanFrom: null }, none)
    expect(noCut.rescanAccuracy).toMatchObject({ estimate: null, reason: text('cut') })
  })

  it('bootstraps by patient: scans of one patient that fall together widen the interval', () => {
    const list = Array.from({ length: 80 }, (_, i) => ({ truth: 1 + (i % 5), predicted: i < 40 ? 1 + (i % 5) : 1 }))
    const apart = modelMetrics(list.map((scan, i) => ({ ...scan, patient: `p${i}` })), scale, { resamples: 500, seed: 1 }) // prettier-ignore
    const together = modelMetrics(list.map((scan, i) => ({ ...scan, patient: `p${i >> 3}` })), scale, { resamples: 500, seed: 1 }) // prettier-ignore
    const width = (of: typeof apart) => of.accuracy.ci![1] - of.accuracy.ci![0]
    expect(together.accuracy.estimate).toBe(apart.accuracy.estimate)
    expect(width(together)).toBeGreaterThan(1.4 * width(apart))
    expect(modelMetrics(list.map((scan, i) => ({ ...scan, patient: `p${i}` })), scale, { resamples: 500, seed: 1 })).toEqual(apart) // prettier-ignore
  })

  it('refuses a grade off the scale', () => {
    expect(() => modelMetrics(scans([[1, 6]]), scale, none)).toThrow(/not on the scale/)
  })
})

describe('majorityDecisionRate', () => {
  it("scores the training labels' commonest decision on other labels", () => {
    expect(majorityDecisionRate([1, 1, 5], [1, 4, 5, 2], 4)).toBe(0.5)
    expect(majorityDecisionRate([4, 5, 1], [1, 4, 5, 5], 4)).toBe(0.75)
    expect(majorityDecisionRate([1, 5], [1, 1, 5], 4)).toBe(2 / 3)
    expect(majorityDecisionRate([], [1], 4)).toBeNull()
    expect(majorityDecisionRate([1], [1], null)).toBeNull()
  })
})
