import { describe, expect, it } from 'vitest'
import { ratingsOf } from '../../../src/main/domain/agreement/ratings-builder.ts'
import { agreementReport } from '../../../src/main/domain/agreement/report.ts'
import { wilsonInterval } from '../../../src/main/domain/agreement/wilson.ts'
import { modelMetrics } from '../../../src/main/domain/metrics.ts'

const options = { rescanFrom: 4, bootstrap: 200, seed: 1 }
/** 24 scans of 12 patients; `grade` says what reader r gives scan s. */
const ratings = (grade: (s: number, r: number) => number) =>
  ratingsOf(
    Array.from({ length: 72 }, (_, i) => {
      const s = Math.floor(i / 3)
      return { subject: `S${s}`, rater: `R${i % 3}`, grade: grade(s, i % 3), patient: `P${s >> 1}` }
    }),
    [1, 2, 3, 4, 5],
  )

describe('an interval is never without width where something is uncertain', () => {
  it('none of 24 scans of 12 patients across the cut: Wilson over the 12 patients', () => {
    const { rescan } = agreementReport(
      ratings((s, r) => 1 + ((s + r) % 3)),
      options,
    )
    expect(rescan).toMatchObject({ disagreementRate: 0, count: 0, n: 24, interval: 'Wilson over patients' })
    expect(rescan.ci).toEqual(wilsonInterval(0, 12))
    expect(rescan.ci![1]).toBeGreaterThan(0.2)
  })

  it('all of them across the cut', () => {
    const { rescan } = agreementReport(
      ratings((_, r) => (r === 0 ? 5 : 1)),
      options,
    )
    expect(rescan.ci).toEqual(wilsonInterval(12, 12))
  })

  it('some of them: the bootstrap by patient', () => {
    const { rescan } = agreementReport(
      ratings((s, r) => (s < 6 && r === 0 ? 5 : 1)),
      options,
    )
    expect(rescan.interval).toBe('bootstrap by patient')
    expect(rescan.ci![0]).toBeLessThan(0.25)
    expect(rescan.ci![1]).toBeGreaterThan(0.25)
  })

  it('a model that is right on every scan', () => {
    const scans = Array.from({ length: 10 }, (_, i) => ({
      truth: 1 + (i % 5),
      predicted: 1 + (i % 5),
      patient: `P${i >> 1}`,
    }))
    const metrics = modelMetrics(scans, { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }, { resamples: 200, seed: 1 })
    expect(metrics.accuracy.ci).toEqual(wilsonInterval(5, 5))
    expect(metrics.quadraticKappa).toMatchObject({ estimate: 1, ci: null })
    expect(metrics.quadraticKappa.reason).toMatch('every resample')
  })
})
