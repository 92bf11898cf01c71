import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fitTemperature } from '../../../src/main/domain/evaluation/calibration.ts'
import { evaluate } from '../../../src/main/domain/evaluation/evaluate.ts'
import type { GradedScan } from '../../../src/main/domain/evaluation/graded.ts'
import { compareOnSame, mcnemar } from '../../../src/main/domain/evaluation/paired.ts'
import { scaledBy } from '../../../src/main/domain/evaluation/temperature.ts'
import {
  calibrationRows,
  comparisonRows,
  confusionRows,
  figureRows,
} from '../../../src/main/domain/evaluation/tables.ts'

/** Numbers of scikit-learn, statsmodels and SciPy; the file's `source` names versions and calls. */
interface Reference {
  patient: string[]
  truth: number[]
  first: number[][]
  second: number[][]
  validation: { truth: number[]; probabilities: number[][] }
  figures: Record<'first' | 'second', Record<string, Record<string, number>>>
  confusion: number[][]
  calibration: {
    ece: number
    mce: number
    temperature: number
    temperedEce: number
    cut: { share: number[]; mean: number[] }
  }
  mcnemar: Record<'grade' | 'rescan', { onlyFirst: number; onlySecond: number; p: number }> & {
    counts: [number, number, number][]
  }
  bootstrap: Record<'accuracy' | 'quadraticKappa' | 'accuracyDifference', [number, number]>
}
const reference = JSON.parse(
  readFileSync(new URL('../../fixtures/evaluation-reference.json', import.meta.url), 'utf8'),
) as Reference

const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const graded = (truth: number[], rows: number[][], patient: string[] = truth.map((_, i) => `V${i}`)): GradedScan[] =>
  rows.map((probabilities, i) => ({
    scan: String(i),
    patient: patient[i]!,
    truth: truth[i]!,
    predicted: 1 + probabilities.indexOf(Math.max(...probabilities)),
    probabilities,
  }))
const first = graded(reference.truth, reference.first, reference.patient)
const second = graded(reference.truth, reference.second, reference.patient)
const validation = graded(reference.validation.truth, reference.validation.probabilities)
const temperature = fitTemperature(
  validation.map(({ probabilities }) => probabilities),
  reference.validation.truth.map((grade) => scale.categories.indexOf(grade)),
)!
const scaled = first.map(({ probabilities }) => scaledBy(probabilities, temperature))
const whole = evaluate({ scans: first, readers: [], scaled, scale, resampling: { resamples: 4000, seed: 1 } })

describe('the figures of a network', () => {
  it.each([
    ['first', first],
    ['second', second],
  ] as const)('are those of scikit-learn, of all grades, at the cut and grade by grade: %s', (name, scans) => {
    const { figures } = evaluate({ scans, readers: [], scaled: null, scale, resampling: { resamples: 0, seed: 1 } })
    const expected = Object.entries(reference.figures[name]).flatMap(([target, values]) =>
      Object.entries(values).map(([figure, value]) => ({ target, figure, value })),
    )
    expect(figures).toHaveLength(expected.length)
    for (const { target, figure, value } of expected) {
      const found = figures.find((one) => String(one.target) === target && one.name === figure)
      expect(found?.estimate, `${figure} ${target}`).toBeCloseTo(value, 12)
    }
  })

  it('come with the confusion matrix of scikit-learn', () => {
    expect(whole.confusion).toEqual(reference.confusion)
    expect(whole).toMatchObject({ scans: 80, patients: 40 })
  })

  it.each(['accuracy', 'quadraticKappa'] as const)('have the interval of a bootstrap by patient: %s', (name) => {
    const { ci } = whole.figures.find((one) => one.target === 'all' && one.name === name)!
    // The limits of two bootstraps differ by their own noise, of the order of 0.005 at 4000 resamples.
    ci!.forEach((limit, i) => expect(Math.abs(limit - reference.bootstrap[name][i]!)).toBeLessThan(0.015))
  })

  it('have the same intervals each time with one seed, and others with another', () => {
    const again = (seed: number) =>
      evaluate({ scans: first, readers: [], scaled: null, scale, resampling: { resamples: 200, seed } }).figures
    expect(again(3)).toEqual(again(3))
    expect(again(3)).not.toEqual(again(4))
  })
})

describe('calibration', () => {
  const { grade, cut, scaled: after } = whole.calibration
  it('has the expected calibration error of Guo 2017', () => {
    expect(grade.ece).toBeCloseTo(reference.calibration.ece, 12)
    expect(grade.mce).toBeCloseTo(reference.calibration.mce, 12)
  })
  it('has the curve of scikit-learn at the cut', () => {
    const bins = cut!.bins.filter(({ n }) => n > 0)
    expect(bins.map(({ share }) => share)).toHaveLength(reference.calibration.cut.share.length)
    bins.forEach(({ share, mean }, i) => {
      expect(share).toBeCloseTo(reference.calibration.cut.share[i]!, 12)
      expect(mean).toBeCloseTo(reference.calibration.cut.mean[i]!, 12)
    })
  })
  it('finds the temperature that SciPy finds, on the validation scans alone', () => {
    expect(temperature).toBeCloseTo(reference.calibration.temperature, 6)
    expect(after!.ece).toBeCloseTo(reference.calibration.temperedEce, 6)
  })
})

describe('two networks on the same scans', () => {
  const comparison = compareOnSame(first, second, scale, { resamples: 4000, seed: 1 })
  it('are tested as statsmodels tests them, exactly', () => {
    for (const target of ['grade', 'rescan'] as const) {
      const { p, ...counts } = reference.mcnemar[target]
      expect(comparison[target]).toMatchObject(counts)
      expect(comparison[target]!.p).toBeCloseTo(p, 12)
    }
  })
  it.each(reference.mcnemar.counts)('%i against %i pairs that differ', (b, c, p) => {
    const [one, other] = [
      Array.from({ length: b + c }, (_, i) => i < b),
      Array.from({ length: b + c }, (_, i) => i >= b),
    ]
    expect(mcnemar(one, other).p! / p).toBeCloseTo(1, 9)
  })
  it('differ by what their figures differ, with a paired interval', () => {
    const accuracy = comparison.differences.find(({ name, target }) => name === 'accuracy' && target === 'all')!
    expect(accuracy.difference).toBeCloseTo(
      reference.figures.second['all']!['accuracy']! - reference.figures.first['all']!['accuracy']!,
      12,
    )
    accuracy.ci!.forEach((limit, i) =>
      expect(Math.abs(limit - reference.bootstrap.accuracyDifference[i]!)).toBeLessThan(0.015),
    )
  })
  it('that say the same have nothing to test', () => {
    const same = compareOnSame(first, first, scale, { resamples: 100, seed: 1 })
    expect(same.grade).toMatchObject({ onlyFirst: 0, onlySecond: 0, p: null, reason: expect.stringMatching(/nothing/) })
    expect(same.differences[0]).toMatchObject({ difference: 0, ci: null, reason: expect.stringMatching(/no interval/) })
  })
})

describe('every table', () => {
  it('has a row of names and rows as long', () => {
    const comparison = compareOnSame(first, second, scale, { resamples: 50, seed: 1 })
    const tables = [
      figureRows(whole),
      confusionRows(whole),
      calibrationRows(whole),
      comparisonRows([{ first: 'a', second: 'b', comparison }]),
    ]
    for (const [head, ...rows] of tables) {
      expect(rows.length).toBeGreaterThan(4)
      for (const row of rows) expect(row).toHaveLength(head!.length)
      expect(rows.flat().some((value) => typeof value === 'number' && !Number.isFinite(value))).toBe(false)
    }
    expect(figureRows(whole)).toHaveLength(1 + 3 + 6 * 8)
  })
})
