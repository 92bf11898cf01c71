import { randomFrom } from '../domain/random.ts'
import type { PlannedScan } from './plan.ts'
import type { Site } from './types.ts'

/**
 * Simulated readers. Reader r gives scan i the grade whose thresholds enclose
 *
 *   severity_i + 0.15 c_i + bias_r + difficulty_i * sigma(severity_i) * e_ir
 *
 * c_i, shared by all readers (the scan looks worse or better than its motion is), and e_ir, the reader's own, are
 * standard normal. sigma runs linearly from `low` at severity 1.5 and below to `high` at 3.5 and above: readers split
 * hairs about faint streaks and mostly agree on heavy ones.
 *
 * The thresholds and sigmas below make the thesis's figures come out for scans planned with its grades. They were found
 * by least squares on exact figures (no sampling): severity uniform within each grade, the grades as in the thesis's
 * table; votes' probabilities as products of normal integrals over e, quadrature over severity (300 points), c and log
 * difficulty (Gauss-Hermite, 9 and 7 points); residuals weighed 100 for re-scan disagreement (votes on both sides of
 * 3|4), 30 for full agreement and 10 for each grade's share by rounded mean. Reached, against wanted:
 *
 *            full agreement     re-scan disagreement   rounded mean 1..5 (%)
 *   tibia    0.5705 (0.570)     0.0461 (0.046)         66.7 19.9 8.4 4.3 0.8   (66.9 19.4 8.4 4.8 0.4)
 *   radius   0.4529 (0.452)     0.1021 (0.102)         22.8 28.2 38.1 9.3 1.7  (22.7 27.7 38.1 10.1 1.3)
 */
const perception: Record<Site, { thresholds: readonly number[]; low: number; high: number }> = {
  tibia: { thresholds: [1.857, 2.666, 3.596, 4.518], low: 0.683, high: 0.282 },
  radius: { thresholds: [1.648, 2.517, 3.658, 4.558], low: 0.875, high: 0.158 },
}

/** A strict, a middling and a lenient reader, in turn. Positive: finds more motion. */
const biases = [-0.08, 0, 0.08] as const

const sharedSpread = 0.15

export type SimulatedVote = { scan: string; reader: string; grade: number }

export function readerName(index: number): string {
  return `reader${index + 1}`
}

/** Votes of `readers` simulated readers, scan by scan; a scan's votes do not depend on the scans around it. */
export function simulateVotes(
  scans: readonly Pick<PlannedScan, 'id' | 'site' | 'severity' | 'difficulty'>[],
  seed: string | number,
  readers = 3,
): SimulatedVote[] {
  return scans.flatMap((scan) => {
    const shared = sharedSpread * randomFrom(`${seed}/look/${scan.id}`).normal()
    const { thresholds, low, high } = perception[scan.site]
    const sigma = low + (high - low) * Math.min(1, Math.max(0, (scan.severity - 1.5) / 2))
    return Array.from({ length: readers }, (_, r) => {
      const own = randomFrom(`${seed}/reader/${r}/${scan.id}`).normal()
      const seen = scan.severity + shared + biases[r % biases.length]! + scan.difficulty * sigma * own
      return { scan: scan.id, reader: readerName(r), grade: 1 + thresholds.filter((t) => seen >= t).length }
    })
  })
}
