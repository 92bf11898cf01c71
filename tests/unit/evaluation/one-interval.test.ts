import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { evaluate } from '../../../src/main/domain/evaluation/evaluate.ts'
import { networkResampling as resampling } from '../../../src/main/domain/evaluation/resample.ts'
import { modelMetrics } from '../../../src/main/domain/metrics.ts'

const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const { patient, truth, first } = JSON.parse(
  readFileSync(new URL('../../fixtures/evaluation-reference.json', import.meta.url), 'utf8'),
) as { patient: string[]; truth: number[]; first: number[][] }
const scans = first.map((probabilities, i) => ({
  ...{ scan: String(i), patient: patient[i]!, truth: truth[i]!, probabilities },
  predicted: 1 + probabilities.indexOf(Math.max(...probabilities)),
}))

it('gives a figure of the same scans one interval, by whatever way and in whatever order they come', () => {
  const kept = modelMetrics(scans.toReversed(), scale, resampling)
  const { figures } = evaluate({ scans, readers: [], scaled: null, scale, resampling })
  const shown = (name: string, target: string) => figures.find((one) => one.name === name && one.target === target)!
  for (const [figure, name, target] of [
    [kept.accuracy, 'accuracy', 'all'],
    [kept.rescanAccuracy, 'accuracy', 'cut'],
    [kept.rescanSensitivity, 'sensitivity', 'cut'],
    [kept.rescanSpecificity, 'specificity', 'cut'],
    [kept.quadraticKappa, 'quadraticKappa', 'all'],
    [kept.meanAbsoluteError, 'meanAbsoluteError', 'all'],
  ] as const) {
    const { estimate, ci, n } = shown(name, target)
    expect(ci![0]).toBeLessThan(ci![1])
    expect({ estimate, ci, n }, name).toEqual({ estimate: figure.estimate, ci: figure.ci, n: figure.n })
  }
})
