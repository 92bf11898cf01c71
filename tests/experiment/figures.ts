import { modelMetrics, type Metric } from '../../src/main/domain/metrics.ts'
import type { KnownScan } from './study.ts'

export const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }

export interface Score {
  name: string
  rescan: Metric
  kappa: Metric
  accuracy: Metric
  error: Metric
}

/** Grades against the true grade, intervals of a bootstrap by patient. */
export function score(name: string, scans: { known: KnownScan; grade: number }[]): Score {
  const graded = scans.map(({ known, grade }) => ({
    ...{ truth: known.trueGrade, predicted: grade, patient: known.patient },
  }))
  const metrics = modelMetrics(graded, scale, { resamples: 2000, seed: 'experiment' })
  return {
    name,
    rescan: metrics.rescanAccuracy,
    kappa: metrics.quadraticKappa,
    accuracy: metrics.accuracy,
    error: metrics.meanAbsoluteError,
  }
}

export const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const number = ({ estimate, ci }: Metric, digits: number, factor = 1): string => {
  if (estimate === null) return '–'
  const show = (x: number): string => (x * factor).toFixed(digits)
  return ci ? `${show(estimate)} (${show(ci[0])}–${show(ci[1])})` : show(estimate)
}

/** Cells of a row of the table: re-scan accuracy in percent, quadratic kappa, accuracy in percent, mean error in grades. */
export const cells = ({ name, rescan, kappa, accuracy, error }: Score): string[] => [
  name,
  number(rescan, 1, 100),
  number(kappa, 2),
  number(accuracy, 1, 100),
  number(error, 2),
]

export function table(head: string[], rows: string[][]): string {
  const line = (row: string[]): string => `| ${row.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}
