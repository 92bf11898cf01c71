import { describe, expect, it } from 'vitest'
import { binomial, resampleCounts } from '../../../src/main/domain/binomial.ts'
import {
  chiSquareUpper,
  fQuantile,
  fUpper,
  normalQuantile,
  normalTwoSided,
  tQuantile,
  tTwoSided,
} from '../../../src/main/domain/distributions.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { lnGamma } from '../../../src/main/domain/special.ts'

/** Equal to a relative 1e-12. */
const near = (value: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(value - expected) / Math.abs(expected)).toBeLessThan(tolerance)

describe('distributions', () => {
  it('give the quantiles of the tables', () => {
    near(normalQuantile(0.975), 1.959963984540054)
    // Closed forms for 1 and 2 degrees of freedom; for 10 by 30-digit arithmetic (mpmath).
    near(tQuantile(0.975, 1), Math.tan(Math.PI * 0.475))
    near(tQuantile(0.975, 2), (2 * 0.975 - 1) / Math.sqrt(2 * 0.975 * 0.025))
    near(tQuantile(0.975, 10), 2.2281388519862744)
    near(tQuantile(0.025, 10), -2.2281388519862744)
    expect(tQuantile(0.5, 7)).toBe(0)
    // F(d1, 2) has the quantile 2 p^(2/d1) / (d1 (1 - p^(2/d1))).
    for (const d of [1, 3, 8, 40]) {
      const y = 0.975 ** (2 / d)
      near(fQuantile(0.975, d, 2), (2 * y) / (d * (1 - y)), 1e-11)
    }
  })

  it('inverts its own tails, with whole and broken degrees of freedom', () => {
    for (const df1 of [0.7, 1, 5, 60, 2000])
      for (const df2 of [1.3, 4, 99.5, 20_000])
        for (const p of [0.025, 0.5, 0.975]) near(1 - fUpper(fQuantile(p, df1, df2), df1, df2), p, 1e-10)
  })

  it('gives tails far out as they are, not as 0', () => {
    near(chiSquareUpper(2 * Math.log(1e80), 2), 1e-80, 1e-11) // exp(-x/2)
    near(tTwoSided(1e6, 1), (2 / Math.PI) * Math.atan(1e-6), 1e-11)
    near(fUpper(1e4, 2, 40), (1 + (2 * 1e4) / 40) ** -20, 1e-11) // (1 + d1 x / d2)^(-d2/2) for d1 = 2
    near(normalTwoSided(8), 1.2441921148543568e-15, 1e-11)
    expect(normalTwoSided(0)).toBe(1)
    expect(fUpper(Infinity, 3, 4)).toBe(0)
    near(lnGamma(0.5), Math.log(Math.PI) / 2)
  })

  it('gives a tail where the two ways of computing it meet, however that is rounded', () => {
    for (let df2 = 1; df2 <= 60; df2 += 1) {
      const meet = df2 / (df2 / 2 + 1)
      for (const x of [-2, -1, 0, 1, 2].map((step) => meet * (1 + step * Number.EPSILON)))
        near(fUpper(x, 2, df2), (1 + (2 * x) / df2) ** (-df2 / 2))
    }
  })
})

describe('binomial', () => {
  /** Pearson's chi-square of draws against the exact probabilities, cells below 5 pooled: its upper tail. */
  function fit(n: number, p: number): number {
    const random = randomFrom(`binomial ${n} ${p}`)
    const draws = 40_000
    const seen = new Float64Array(n + 1)
    for (let i = 0; i < draws; i += 1) seen[binomial(random, n, p)]! += 1
    let [chi2, cells, restSeen, restExpected] = [0, -1, 0, 0]
    for (let k = 0; k <= n; k += 1) {
      const ln = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p)
      const expected = draws * Math.exp(ln)
      if (expected < 5) {
        restSeen += seen[k]!
        restExpected += expected
      } else {
        chi2 += (seen[k]! - expected) ** 2 / expected
        cells += 1
      }
    }
    if (restExpected > 0.5) {
      chi2 += (restSeen - restExpected) ** 2 / restExpected
      cells += 1
    }
    return chiSquareUpper(chi2, cells)
  }

  it('follows its law, by inversion and by rejection', () => {
    for (const [n, p] of [
      [7, 0.3],
      [200, 0.01],
      [60, 0.4],
      [1000, 0.05],
      [1000, 0.93],
    ] as const)
      expect(fit(n, p)).toBeGreaterThan(1e-4)
  })

  it('draws as many as there are, and none of what is not there', () => {
    const counts = Float64Array.from([5, 0, 20, 75])
    const into = new Float64Array(4)
    const random = randomFrom(1)
    for (let i = 0; i < 100; i += 1) {
      resampleCounts(random, counts, Int32Array.from([0, 2, 3]), into)
      expect(into[0]! + into[2]! + into[3]!).toBe(100)
      expect(into[1]).toBe(0)
    }
  })
})
