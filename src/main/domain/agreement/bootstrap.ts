import { resampleCounts } from '../binomial.ts'
import { randomFrom } from '../random.ts'
import { type ClusterKinds, clusterKinds } from './clusters.ts'
import { type Interval, reasons } from './outcome.ts'
import { reweighted, subjectsWith, type Table } from './table.ts'

export type BootstrapOptions = {
  /** Number of resamples; 0 asks for no interval. */
  resamples: number
  seed: number | string
  /** For each subject its cluster (patient): whole clusters are drawn. Null: subjects are drawn. */
  clusters?: Int32Array | null
}

export type BootstrapInterval = { ci: Interval | null; reason?: string }

/**
 * Percentile intervals (95 %) of several statistics by one bootstrap (B. Efron & R. Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13). Drawn with replacement are the subjects with two or more votes, or whole clusters of
 * them: a patient's scans are not independent. Without clusters the order of the subjects does not matter. A resample
 * in which a statistic is undefined is left out for it; if that is so in more than half of them there is no interval.
 */
export function bootstrapIntervals(
  table: Table,
  statistics: (table: Table) => readonly (number | null)[],
  options: BootstrapOptions,
): BootstrapInterval[] {
  return toTheEnd(bootstrapSteps(table, statistics, options))
}

/** Runs work that is done in steps without a pause. */
export function toTheEnd<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same in steps of one resample, for a thread that has to answer others in between. */
export function* bootstrapSteps(
  table: Table,
  statistics: (table: Table) => readonly (number | null)[],
  options: BootstrapOptions,
): Generator<void, BootstrapInterval[]> {
  const width = statistics(table).length
  const { resamples } = options
  if (resamples === 0) return filled(width, reasons.noBootstrap)
  const random = randomFrom(`bootstrap/${options.seed}`)
  const units = options.clusters ? yield* clusterKinds(table, options.clusters) : subjectUnits(table)
  if (units.length === 0) return filled(width, reasons.noPairs)
  const weights = new Float64Array(table.rows)
  const resample = reweighted(table, weights)
  const values = Array.from({ length: width }, () => new Float64Array(resamples))
  const defined = new Int32Array(width)
  for (let b = 0; b < resamples; b += 1) {
    weights.fill(0)
    units.draw(weights, random)
    for (const [i, value] of statistics(resample).entries()) {
      if (value === null) continue
      const at = defined[i]!
      values[i]![at] = value
      defined[i] = at + 1
    }
    yield
  }
  return values.map((all, i) => {
    const kept = all.subarray(0, defined[i]).sort()
    if (kept.length === 0 || kept.length < resamples / 2) return { ci: null, reason: reasons.fewResamples }
    return { ci: [percentile(kept, 0.025), percentile(kept, 0.975)] }
  })
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the default of R and NumPy). */
export function percentile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1)
  const below = Math.floor(at)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (at - below) * (high - low)
}

/** Subjects with equal votes are alike: it is enough to draw how many of each row there are. */
function subjectUnits(table: Table): ClusterKinds {
  const rows = Int32Array.from(table.votes, (_, row) => row).filter(
    (row) => table.votes[row]! >= 2 && table.weights[row]! > 0,
  )
  return {
    length: subjectsWith(table, 2),
    draw: (weights, random) => resampleCounts(random, table.weights, rows, weights),
  }
}

function filled(width: number, reason: string): BootstrapInterval[] {
  return Array.from({ length: width }, () => ({ ci: null, reason }))
}
