import { normalQuantile } from './distributions.ts'

/**
 * How wide the 95 % interval of Fleiss' kappa becomes, before a single scan is read.
 *
 * The large-sample variance is Gwet's (2008, Br J Math Stat Psychol 61:29-48; Handbook of Inter-Rater Reliability, 4th ed.
 * 2014, sec. 5.3): var = E[(k_i* - k)^2] / n with k_i* = k_i - 2 (1 - k) (pe_i - pe) / (1 - pe), k_i = (pa_i - pe) / (1 - pe)
 * and pe_i = sum_k pi_k r_ik / r, the same as for the interval that is computed from votes (agreement/gwet.ts). Its
 * expectation is taken exactly, over all ways in which `readers` votes can fall on the grades, under the one-parameter
 * model of Bloch & Kraemer (1989, Biometrics 45:269-287) carried from pairs to r readers: with probability kappa all
 * readers of a scan give the same grade, else each votes for itself; each grade is given as often as `shares` says. Under
 * this model the kappa of every pair is the given one.
 */
export function kappaVariance(readers: number, kappa: number, shares: readonly number[]): number | null {
  const total = shares.reduce((a, b) => a + b, 0)
  if (!(total > 0)) return null
  const pi = shares.map((share) => share / total).filter((share) => share > 0)
  const pe = pi.reduce((sum, p) => sum + p * p, 0)
  // One grade alone: kappa is 0/0.
  if (pi.length < 2) return null
  let variance = 0
  for (const counts of compositions(readers, pi.length)) {
    const together = counts.findIndex((count) => count === readers)
    const apart = multinomial(counts, pi)
    const probability = (1 - kappa) * apart + (together >= 0 ? kappa * pi[together]! : 0)
    if (probability === 0) continue
    const agreeing = counts.reduce((sum, count) => sum + count * (count - 1), 0) / (readers * (readers - 1))
    const expected = counts.reduce((sum, count, k) => sum + (pi[k]! * count) / readers, 0)
    const own = (agreeing - pe) / (1 - pe) - (2 * (1 - kappa) * (expected - pe)) / (1 - pe)
    variance += probability * (own - kappa) ** 2
  }
  return variance
}

/** Full width of the 95 % interval, lower to upper limit, from `scans` scans that every reader graded. */
export function kappaWidth(scans: number, variance: number): number {
  return 2 * normalQuantile(0.975) * Math.sqrt(variance / scans)
}

/** Scans needed so that the interval is no wider than `width`. */
export function scansForWidth(width: number, variance: number): number {
  // A hair below, so that rounding does not ask for one scan more than the width needs.
  return Math.max(2, Math.ceil((2 * normalQuantile(0.975)) ** 2 * (variance / width ** 2) - 1e-9))
}

/** All ways to write n as an ordered sum of k whole numbers from 0. */
function* compositions(n: number, k: number): Generator<number[]> {
  if (k === 1) {
    yield [n]
    return
  }
  for (let first = 0; first <= n; first += 1) for (const rest of compositions(n - first, k - 1)) yield [first, ...rest]
}

function multinomial(counts: readonly number[], pi: readonly number[]): number {
  let left = counts.reduce((a, b) => a + b, 0)
  let probability = 1
  counts.forEach((count, k) => {
    for (let i = 1; i <= count; i += 1) probability *= (left-- / i) * pi[k]!
  })
  return probability
}
