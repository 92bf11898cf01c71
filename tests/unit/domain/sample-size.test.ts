import { describe, expect, it } from 'vitest'
import { fleissKappa } from '../../../src/main/domain/agreement/fleiss.ts'
import { ratingsFromTable } from '../../../src/main/domain/agreement/ratings.ts'
import { tabulate } from '../../../src/main/domain/agreement/table.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { kappaVariance, kappaWidth, scansForWidth } from '../../../src/main/domain/sample-size.ts'

/** Votes under the model that the formula assumes: with probability kappa one grade for all, else each for itself. */
function simulated(scans: number, readers: number, kappa: number, shares: number[], seed: string): number[][] {
  const random = randomFrom(seed)
  const draw = (): number => {
    let left = random.uniform()
    for (const [i, share] of shares.entries()) if ((left -= share) < 0) return i + 1
    return shares.length
  }
  return Array.from({ length: scans }, () => {
    const together = random.uniform() < kappa ? draw() : null
    return Array.from({ length: readers }, () => together ?? draw())
  })
}

describe('the sample size for a kappa', () => {
  const cases = [
    { readers: 2, kappa: 0.6, shares: [0.2, 0.2, 0.2, 0.2, 0.2] },
    { readers: 3, kappa: 0.6, shares: [0.67, 0.19, 0.08, 0.05, 0.01] },
    { readers: 3, kappa: 0.3, shares: [0.5, 0.5] },
    { readers: 5, kappa: 0.8, shares: [0.1, 0.4, 0.3, 0.2] },
  ]
  for (const { readers, kappa, shares } of cases)
    it(`gives the spread that simulated studies have: ${readers} readers, kappa ${kappa}, ${shares.length} grades`, () => {
      const scans = 400
      const studies = 600
      const grades = shares.map((_, i) => i + 1)
      const estimates: number[] = []
      let covered = 0
      for (let i = 0; i < studies; i += 1) {
        const table = tabulate(
          ratingsFromTable(simulated(scans, readers, kappa, shares, `${readers}/${kappa}/${i}`), grades),
        )
        const { estimate, ci } = fleissKappa(table)
        estimates.push(estimate!)
        if (ci![0] <= kappa && kappa <= ci![1]) covered += 1
      }
      const mean = estimates.reduce((a, b) => a + b, 0) / studies
      const sd = Math.sqrt(estimates.reduce((sum, k) => sum + (k - mean) ** 2, 0) / (studies - 1))
      const formula = Math.sqrt(kappaVariance(readers, kappa, shares)! / scans)
      // The standard deviation of 600 values is known to 1/sqrt(1200) = 2.9 %: three of these.
      expect(Math.abs(sd / formula - 1)).toBeLessThan(0.087)
      expect(Math.abs(mean - kappa)).toBeLessThan(0.01)
      expect(covered / studies).toBeGreaterThan(0.92)
    })

  it('is the variance of Scott’s pi for two readers and two grades', () => {
    // Closed form under the same model (Bloch & Kraemer 1989; Donner & Eliasziw 1992, Stat Med 11:1511-1519, eq 3):
    // var = (1 - k) / n * [(1 - k)(1 - 2k) + k (2 - k) / (2 p (1 - p))].
    for (const p of [0.5, 0.3, 0.1])
      for (const k of [0, 0.2, 0.5, 0.9]) {
        const closed = (1 - k) * ((1 - k) * (1 - 2 * k) + (k * (2 - k)) / (2 * p * (1 - p)))
        expect(kappaVariance(2, k, [1 - p, p])).toBeCloseTo(closed, 12)
      }
  })

  it('asks for as many scans as the width needs, and not one less', () => {
    const variance = kappaVariance(3, 0.6, [1, 1, 1, 1, 1])!
    for (const width of [0.1, 0.2, 0.37]) {
      const n = scansForWidth(width, variance)
      expect(kappaWidth(n, variance)).toBeLessThanOrEqual(width + 1e-9)
      expect(kappaWidth(n - 1, variance)).toBeGreaterThan(width)
    }
  })

  it('needs fewer scans with more readers, and takes shares as proportions', () => {
    const shares = [3, 2, 1]
    const of = (readers: number) => kappaVariance(readers, 0.5, shares)!
    expect(of(3)).toBeLessThan(of(2))
    expect(of(9)).toBeLessThan(of(3))
    expect(kappaVariance(3, 0.5, [0.5, 1 / 3, 1 / 6])).toBeCloseTo(of(3), 12)
  })

  it('is undefined where one grade alone is expected, and has no spread where all agree', () => {
    expect(kappaVariance(3, 0.5, [1])).toBeNull()
    expect(kappaVariance(3, 0.5, [0, 2, 0])).toBeNull()
    expect(kappaVariance(3, 0.5, [0, 0])).toBeNull()
    expect(kappaVariance(3, 1, [0.5, 0.5])).toBeCloseTo(0, 12)
  })
})
