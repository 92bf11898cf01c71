import { normalQuantile } from '../distributions.ts'
import type { Interval } from './outcome.ts'

/** Wilson's 95 % score interval of a proportion (E. Wilson, JASA 22, 209-212, 1927). Null where n is 0. */
export function wilsonInterval(count: number, n: number): Interval | null {
  if (n === 0) return null
  const z = normalQuantile(0.975)
  const p = count / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  // The score interval of 0 of n starts at exactly 0, that of n of n ends at exactly 1; rounding must not show.
  return [count === 0 ? 0 : centre - half, count === n ? 1 : centre + half]
}
