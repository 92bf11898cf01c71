/**
 * Incomplete beta and gamma functions with about 13 correct digits, in both tails.
 *
 * The leading factors come from Loader's saddle-point expansion, which does not cancel when the parameters are large
 * (C. Loader, Fast and accurate computation of binomial probabilities, 2000); the rest is a continued fraction
 * evaluated by Lentz's method (Press et al., Numerical Recipes, 3rd ed., sections 6.2 and 6.4).
 */
const LN_SQRT_2PI = 0.9189385332046727

const LANCZOS = [
  0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
  0.33994649984811888699e-4, 0.46523628927048575665e-4, -0.98374475304879564677e-4, 0.15808870322491248884e-3,
  -0.21026444172410488319e-3, 0.2174396181152126432e-3, -0.16431810653676389022e-3, 0.84418223983852743293e-4,
  -0.2619083840158140867e-4, 0.36899182659531622704e-5,
]

/** ln Gamma(x), x > 0 (Lanczos, g = 607/128, Godfrey's coefficients). */
export function lnGamma(x: number): number {
  let sum = LANCZOS[0]!
  for (let i = 1; i < LANCZOS.length; i += 1) sum += LANCZOS[i]! / (x + i)
  const t = x + 5.2421875
  return (x + 0.5) * Math.log(t) - t + Math.log((2.5066282746310005 * sum) / x)
}

/** ln x! - Stirling's formula, for x >= 0.5 (Loader's `stirlerr`). */
function stirlingError(x: number): number {
  if (x < 16) return lnGamma(x + 1) - (x + 0.5) * Math.log(x) + x - LN_SQRT_2PI
  const s = 1 / (x * x)
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - s / 1188) * s) * s) * s) / x
}

/** x ln(x/m) + m - x without cancellation near x = m (Loader's `bd0`). */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  let sum = (x - m) * v
  let term = 2 * x * v
  for (let j = 1; j < 1000; j += 1) {
    term *= v * v
    const next = sum + term / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}

/** x^a y^b / B(a, b) with y = 1 - x given apart, so that neither tail loses digits. */
export function betaDensity(x: number, y: number, a: number, b: number): number {
  if (x <= 0 || y <= 0) return 0
  const n = a + b
  const ln =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y) - LN_SQRT_2PI
  return Math.exp(ln) * Math.sqrt((a * b) / n)
}

/** The regularised incomplete beta function I_x(a, b); y = 1 - x is given apart. a, b > 0. */
export function regularisedBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (y <= 0) return 1
  // Turned round at most once: where both sides are at the limit, rounding can put both above it.
  return x > (a + 1) / (a + b + 2) ? 1 - lowerBeta(y, x, b, a) : lowerBeta(x, y, a, b)
}

/** The same where x is below about its mean, (a + 1) / (a + b + 2): there the continued fraction converges quickly. */
function lowerBeta(x: number, y: number, a: number, b: number): number {
  const tiny = 1e-300
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  d = 1 / (Math.abs(d) < tiny ? tiny : d)
  let h = d
  for (let m = 1; m < 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d, tiny)
    c = nonZero(1 + even / c, tiny)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d, tiny)
    c = nonZero(1 + odd / c, tiny)
    const change = d * c
    h *= change
    if (Math.abs(change - 1) < 1e-16) break
  }
  return (betaDensity(x, y, a, b) * h) / a
}

/** The regularised upper incomplete gamma function Q(a, x), a > 0, x >= 0. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  // x^a e^-x / Gamma(a + 1)
  const lead = Math.exp(-stirlingError(a) - deviance(a, x) - LN_SQRT_2PI) / Math.sqrt(a)
  if (x < a + 1) {
    let term = 1
    let sum = 1
    for (let k = 1; k < 1_000_000 && term > sum * 1e-17; k += 1) {
      term *= x / (a + k)
      sum += term
    }
    return 1 - lead * sum
  }
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1_000_000; i += 1) {
    const an = -i * (i - a)
    b += 2
    d = 1 / nonZero(an * d + b, tiny)
    c = nonZero(b + an / c, tiny)
    const change = d * c
    h *= change
    if (Math.abs(change - 1) < 1e-16) break
  }
  return lead * a * h
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
