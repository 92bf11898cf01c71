import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { auc, aucOrder } from '../../../src/main/domain/evaluation/auc.ts'
import { evaluate } from '../../../src/main/domain/evaluation/evaluate.ts'
import type { GradedScan } from '../../../src/main/domain/evaluation/graded.ts'
import { compareOnSame } from '../../../src/main/domain/evaluation/paired.ts'
import { patientIntervals } from '../../../src/main/domain/evaluation/resample.ts'

type Limits = [number, number]
type Sides = Record<'first' | 'second' | 'difference', Limits>
/** By pROC; `source` names versions and calls, auc-reference.R wrote it. */
const reference = read('auc-reference.json') as {
  hanleyMcNeil: { normal: number[]; abnormal: number[]; published: number; auc: number; deLong: Limits }
  scans: { auc: [number, number]; byPatient: Sides; byScan: Sides }
}
const scans = read('evaluation-reference.json') as {
  patient: string[]
  truth: number[]
  first: number[][]
  second: number[][]
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'))
}

const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const resampling = { resamples: 2000, seed: 1 }
const graded = (rows: number[][], patientOf: (scan: number) => string): GradedScan[] =>
  rows.map((probabilities, i) => ({
    ...{ scan: String(i), patient: patientOf(i), truth: scans.truth[i]!, probabilities },
    predicted: 1 + probabilities.indexOf(Math.max(...probabilities)),
  }))

/** Of both networks and of the second less the first, at the cut, through all that a page's figures go through. */
function areas(patientOf: (scan: number) => string) {
  const [first, second] = [graded(scans.first, patientOf), graded(scans.second, patientOf)]
  const of = (own: GradedScan[]) =>
    evaluate({ scans: own, readers: [], scaled: null, scale, resampling }).figures.find(
      ({ name, target }) => name === 'auc' && target === 'cut',
    )!
  const difference = compareOnSame(first, second, scale, resampling).differences.find(
    ({ name, target }) => name === 'auc' && target === 'cut',
  )!
  return { first: of(first), second: of(second), difference }
}

/** Limits of two bootstraps differ by their own noise; those of a bootstrap and of DeLong's normal law by their shape as well. */
const expectClose = (found: readonly number[] | null, limits: Limits, most: number): void =>
  limits.forEach((limit, i) => expect(Math.abs(found![i]! - limit)).toBeLessThan(most))

describe('the area under the ROC curve', () => {
  it('is the one that Hanley & McNeil 1982 print, with an interval as DeLong’s', () => {
    const { normal, abnormal, published, auc: byProc, deLong } = reference.hanleyMcNeil
    const ratings = [normal, abnormal].flatMap((counts, positive) =>
      counts.flatMap((count, i) => Array.from({ length: count }, () => ({ rating: i + 1, positive }))),
    )
    const order = aucOrder(Float64Array.from(ratings, ({ rating }) => rating))
    const positive = Uint8Array.from(ratings, (one) => one.positive)
    const area = auc(order, positive, new Float64Array(ratings.length).fill(1))!
    expect(area).toBeCloseTo(byProc, 10)
    expect(Number(area.toFixed(3))).toBe(published)
    const own = Int32Array.from(ratings.keys())
    const [interval] = patientIntervals(own, own.length, (weights) => [auc(order, positive, weights)], resampling)
    expectClose(interval!.ci, deLong, 0.01)
  })

  it('has the interval of patients drawn together that pROC gives, and so has the difference of two', () => {
    const { first, second, difference } = areas((scan) => scans.patient[scan]!)
    const { auc: values, byPatient } = reference.scans
    expect([first.estimate, second.estimate]).toEqual(values.map((value) => expect.closeTo(value, 10)))
    expect(difference.difference).toBeCloseTo(values[1] - values[0], 10)
    expectClose(first.ci, byPatient.first, 0.01)
    expectClose(second.ci, byPatient.second, 0.01)
    expectClose(difference.ci, byPatient.difference, 0.01)
  })

  it('has about DeLong’s where each scan is of a patient of its own', () => {
    const { first, second, difference } = areas(String)
    const { byScan } = reference.scans
    expectClose(first.ci, byScan.first, 0.015)
    expectClose(second.ci, byScan.second, 0.015)
    expectClose(difference.ci, byScan.difference, 0.015)
  })
})
