import type { Random } from './random.ts'
import { lnGamma } from './special.ts'

/**
 * A binomial deviate: how many of `n` trials succeed with probability `p`. Exact; its time does not grow with `n`.
 * Few successes expected: inversion. Otherwise Hormann's transformed rejection with squeeze (W. Hormann, The generation of
 * binomial random variates, J Stat Comput Simul 46, 101-110, 1993, algorithm BTRS).
 */
export function binomial(random: Random, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomial(random, n, 1 - p)
  return n * p < 10 ? byInversion(random, n, p) : byRejection(random, n, p)
}

function byInversion(random: Random, n: number, p: number): number {
  const odds = p / (1 - p)
  for (;;) {
    let term = Math.exp(n * Math.log1p(-p))
    let u = random.uniform()
    for (let k = 0; k <= n; k += 1) {
      if (u < term) return k
      u -= term
      term *= (odds * (n - k)) / (k + 1)
    }
  }
}

function byRejection(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const c = n * p + 0.5
  const squeeze = 0.92 - 4.2 / b
  for (;;) {
    const u = random.uniform() - 0.5
    const v = random.uniform()
    const edge = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / edge + b) * u + c)
    if (edge >= 0.07 && v <= squeeze) return k
    if (!(k >= 0 && k <= n)) continue
    // Beyond the squeeze, which most deviates do not pass: only here are the costly terms needed.
    const alpha = (2.83 + 5.1 / b) * spread
    const mode = Math.floor((n + 1) * p)
    const h = lnFactorial(mode) + lnFactorial(n - mode)
    const bound = h - lnFactorial(k) - lnFactorial(n - k) + (k - mode) * Math.log(p / (1 - p))
    if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= bound) return k
  }
}

/** ln k!: a bootstrap asks for the same few again and again. Zero: not yet computed. */
const lnFactorials = new Float64Array(1 << 16)

function lnFactorial(k: number): number {
  if (k >= lnFactorials.length) return lnGamma(k + 1)
  if (lnFactorials[k] === 0) lnFactorials[k] = lnGamma(k + 1)
  return lnFactorials[k]!
}

/**
 * How often each kind is drawn when as many things as there are (`counts` of each kind) are drawn with replacement: the
 * multinomial counts of a bootstrap resample, written into `into`. `kinds` are the indices that take part.
 */
export function resampleCounts(random: Random, counts: Float64Array, kinds: Int32Array, into: Float64Array): void {
  let left = 0
  for (const kind of kinds) left += counts[kind]!
  let draws = left
  for (const kind of kinds) {
    const count = counts[kind]!
    const drawn = count === left ? draws : binomial(random, draws, count / left)
    into[kind] = drawn
    draws -= drawn
    left -= count
  }
}
