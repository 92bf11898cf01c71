import jstat from 'jstat'
import { regularisedBeta, betaDensity, upperGamma } from './special.ts'

/**
 * Tails and quantiles of the normal, t, F and chi-square distributions.
 *
 * jStat's own tails are `1 - cdf` with a continued fraction cut at 3e-7: a p-value below 1e-16 comes out as 0 and an F
 * quantile is right to seven digits. Here the tails are computed as such (special.ts, about 13 digits), and jStat's
 * quantiles are the start of a Newton iteration on them.
 */
const { jStat } = jstat

/** Quantile of the standard normal distribution. `p` in (0, 1). */
export function normalQuantile(p: number): number {
  return p === 0.975 ? of95Normal : p === 0.5 ? 0 : jStat.normal.inv(p, 0, 1)
}

/** That of 95 % intervals: each of a thousand pairs' coefficients asks for it. */
const of95Normal = jStat.normal.inv(0.975, 0, 1)

/** P(|Z| >= |z|) of a standard normal variable. */
export function normalTwoSided(z: number): number {
  return upperGamma(0.5, (z * z) / 2)
}

/** P(X >= x) of a chi-square variable with `df` > 0 degrees of freedom. */
export function chiSquareUpper(x: number, df: number): number {
  return x <= 0 ? 1 : upperGamma(df / 2, x / 2)
}

/** P(F >= x) of an F variable with `df1`, `df2` > 0 degrees of freedom. `x` may be Infinity. */
export function fUpper(x: number, df1: number, df2: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return regularisedBeta(df2 / (df2 + df1 * x), (df1 * x) / (df2 + df1 * x), df2 / 2, df1 / 2)
}

/** Newton's steps at most. */
const STEPS = 60

/** Quantile of the F distribution: the x with P(F <= x) = p. `p` in (0, 1), `df1`, `df2` > 0, need not be whole. */
export function fQuantile(p: number, df1: number, df2: number): number {
  let x = jStat.centralF.inv(p, df1, df2)
  if (!(x > 0) || !Number.isFinite(x)) x = 1
  const before: number[] = []
  while (before.length < STEPS) {
    // Rounding leads the iteration in a circle in the end: where its last step would be is known then.
    const round = before.indexOf(x)
    if (round >= 0) return before[round + ((STEPS - round) % (before.length - round))]!
    before.push(x)
    const y = (df1 * x) / (df2 + df1 * x)
    const z = df2 / (df2 + df1 * x)
    const below = regularisedBeta(y, z, df1 / 2, df2 / 2)
    // The derivative of the distribution function by ln x.
    const slope = betaDensity(y, z, df1 / 2, df2 / 2)
    if (!(slope > 0)) break
    const move = Math.max(-2, Math.min(2, (below - p) / slope))
    x *= Math.exp(-move)
    if (Math.abs(move) < 1e-15) break
  }
  return x
}

/** Quantile of Student's t: the x with P(T <= x) = p. `p` in (0, 1), `df` > 0. T^2 is F(1, df). */
export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0
  const known = p === 0.975 ? of95[df] : undefined
  if (known) return known
  const size = Math.sqrt(fQuantile(Math.abs(2 * p - 1), 1, df))
  if (p === 0.975 && known === 0) of95[df] = size
  return p > 0.5 ? size : -size
}

/** The quantiles of 95 % intervals by whole degrees of freedom: pairs of readers ask for the same few. Zero: not yet computed. */
const of95 = new Float64Array(1 << 16)

/** P(|T| >= |t|) of Student's t with `df` > 0 degrees of freedom. */
export function tTwoSided(t: number, df: number): number {
  return fUpper(t * t, 1, df)
}
