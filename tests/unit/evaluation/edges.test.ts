import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrationOf, fitTemperature, tempered } from '../../../src/main/domain/evaluation/calibration.ts'
import { combine } from '../../../src/main/domain/evaluation/ensemble.ts'
import { evaluate } from '../../../src/main/domain/evaluation/evaluate.ts'
import type { GradedScan } from '../../../src/main/domain/evaluation/graded.ts'

const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const resampling = { resamples: 100, seed: 1 }
const scan = (truth: number, predicted: number, patient: string): GradedScan => ({
  scan: `${patient}/${truth}`,
  patient,
  truth,
  predicted,
  probabilities: scale.categories.map((c) => (c === predicted ? 0.6 : 0.1)),
})

describe('the readers’ own agreement', () => {
  // Three scans of three patients; A and B agree on two, A and C on none, B and C on one.
  const scans = [scan(1, 1, 'a'), scan(4, 4, 'b'), scan(5, 5, 'c')]
  const readers = [
    { letter: 'A', grades: [1, 4, 5] },
    { letter: 'B', grades: [1, 4, 3] },
    { letter: 'C', grades: [2, 2, 3] },
  ]
  const { figures } = evaluate({ scans, readers, scaled: null, scale, resampling })
  const band = (name: string, target: string | number) =>
    figures.find((one) => one.name === name && one.target === target)!.readers

  it('goes from the reader who agrees least with the others to the one who agrees most', () => {
    // A: (2/3 + 0) / 2, B: (2/3 + 1/3) / 2, C: (0 + 1/3) / 2.
    expect(band('accuracy', 'all')).toEqual({
      low: expect.closeTo(1 / 6, 12),
      high: expect.closeTo(1 / 2, 12),
      mean: expect.closeTo(1 / 3, 12),
    })
    // Distances A-B 0 0 2, A-C 1 2 2, B-C 1 2 0.
    expect(band('meanAbsoluteError', 'all')).toEqual({
      low: expect.closeTo((2 / 3 + 1) / 2, 12),
      high: expect.closeTo((5 / 3 + 1) / 2, 12),
      mean: expect.closeTo((2 / 3 + 5 / 3 + 1) / 3, 12),
    })
  })
  it('leaves out what one of two did not grade', () => {
    const partly = [readers[0]!, { letter: 'B', grades: [1, null, null] }, { letter: 'C', grades: [null, null, null] }]
    const { figures: some } = evaluate({ scans, readers: partly, scaled: null, scale, resampling })
    expect(some[0]).toMatchObject({ name: 'accuracy', target: 'all', readers: { low: 1, high: 1, mean: 1 } })
  })
  it('is not there with one reader or none', () => {
    for (const few of [[], readers.slice(0, 1)])
      for (const figure of evaluate({ scans, readers: few, scaled: null, scale, resampling }).figures)
        expect(figure.readers).toBeNull()
  })
})

describe('whatever the scans are', () => {
  it('every figure is a number or null with a reason, and lies in its interval’s range', () => {
    const grade = fc.integer({ min: 1, max: 5 })
    const any = fc.array(fc.tuple(grade, grade, fc.integer({ min: 0, max: 3 })), { maxLength: 12 })
    fc.assert(
      fc.property(any, (rows) => {
        const scans = rows.map(([truth, predicted, patient]) => scan(truth, predicted, String(patient)))
        const result = evaluate({
          scans,
          readers: [],
          scaled: scans.map(({ probabilities }) => probabilities),
          scale,
          resampling: { resamples: 20, seed: 1 },
        })
        for (const { estimate, ci, reason } of result.figures) {
          if (estimate === null) expect(reason).toMatch(/cannot be computed/)
          else expect(Number.isFinite(estimate)).toBe(true)
          if (ci === null) expect(reason).toBeTruthy()
          else expect(ci.every(Number.isFinite) && ci[0] <= ci[1]).toBe(true)
        }
        for (const part of [result.calibration.grade, result.calibration.cut!])
          expect(part.ece === null || Number.isFinite(part.ece)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
  it('a figure that all resamples agree on has no interval of width 0', () => {
    const { figures } = evaluate({
      scans: [scan(1, 1, 'a'), scan(5, 5, 'b')],
      readers: [],
      scaled: null,
      scale,
      resampling,
    })
    const of = (name: string) => figures.find((one) => one.name === name && one.target === 'all')!
    expect(of('accuracy').ci![0]).toBeLessThan(0.6)
    expect(of('meanAbsoluteError')).toMatchObject({ estimate: 0, ci: null, reason: expect.stringMatching(/too few/) })
  })
  it('refuses a grade off the scale', () => {
    expect(() => evaluate({ scans: [scan(6, 1, 'a')], readers: [], scaled: null, scale, resampling })).toThrow(
      expect.objectContaining({ code: 'unknown-grade' }),
    )
  })
})

describe('a temperature', () => {
  it('keeps the most probable grade and sums to 1', () => {
    for (const t of [0.05, 1, 7]) {
      const p = tempered([0.1, 0.6, 0.3, 0], t)
      expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
      expect(p.indexOf(Math.max(...p))).toBe(1)
    }
    tempered([0.2, 0.5, 0.3], 1).forEach((p, k) => expect(p).toBeCloseTo([0.2, 0.5, 0.3][k]!, 12))
  })
  it('is not fitted where the scans do not tell', () => {
    expect(fitTemperature([], [])).toBeNull()
    expect(fitTemperature([[0.7, 0.3]], [0])).toBeNull()
  })
  it('of probabilities that are as often right as they say is 1', () => {
    const rows = Array.from({ length: 10 }, () => [0.7, 0.3])
    expect(fitTemperature(rows, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1])).toBeCloseTo(1, 9)
  })
  it('puts 0 into the first bin and 1 into the last', () => {
    const { bins } = calibrationOf([0, 0.1, 1], [false, false, true])
    expect([bins[0]!.n, bins[9]!.n]).toEqual([2, 1])
  })
})

describe('several opinions become one', () => {
  const rows = [
    [0.6, 0.4, 0],
    [0.4, 0.5, 0.1],
    [0.05, 0.1, 0.85],
  ]
  it('by the mean of the probabilities', () => {
    expect(combine(rows, 'mean')).toMatchObject({
      label: 0,
      probabilities: [0.35, 1 / 3, 0.95 / 3].map((p) => expect.closeTo(p, 12)),
    })
  })
  it('by majority', () => {
    expect(combine([...rows, [0.3, 0.4, 0.3]], 'majority')).toMatchObject({ label: 1, tie: false, disagreement: 0.5 })
  })
  it('a tie goes to the higher mean probability, then to the lower grade', () => {
    expect(combine(rows, 'majority')).toMatchObject({ label: 0, tie: true })
    expect(
      combine(
        [
          [0.2, 0.8],
          [0.9, 0.1],
        ],
        'majority',
      ),
    ).toMatchObject({ label: 0, tie: true })
    expect(
      combine(
        [
          [0.3, 0.7],
          [0.7, 0.3],
        ],
        'majority',
      ),
    ).toMatchObject({ label: 0, tie: true })
    expect(
      combine(
        [
          [0.4, 0.6],
          [0.6, 0.4],
        ],
        'mean',
      ).label,
    ).toBe(0)
  })
})
