import { randomFrom } from '../random.ts'
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
  const width = statistics(table).length
  const { resamples } = options
  if (resamples === 0) return filled(width, reasons.noBootstrap)
  const random = randomFrom(`bootstrap/${options.seed}`)
  const units = options.clusters ? clusterUnits(table, options.clusters) : subjectUnits(table)
  if (units.length === 0) return filled(width, reasons.noPairs)
  const weights = new Float64Array(table.rows)
  const resample = reweighted(table, weights)
  const values = Array.from({ length: width }, () => new Float64Array(resamples))
  const defined = new Int32Array(width)
  for (let b = 0; b < resamples; b += 1) {
    weights.fill(0)
    units.draw(weights, (n) => random.integer(n))
    statistics(resample).forEach((value, i) => {
      if (value !== null) values[i]![defined[i]!++] = value
    })
  }
  return values.map((all, i) => {
    const kept = all.subarray(0, defined[i]!).sort()
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

type Units = { length: number; draw(weights: Float64Array, integer: (n: number) => number): void }

function subjectUnits(table: Table): Units {
  const rowOf = new Int32Array(subjectsWith(table, 2))
  for (let row = 0, at = 0; row < table.rows; row += 1) {
    if (table.votes[row]! >= 2) rowOf.fill(row, at, (at += table.weights[row]!))
  }
  return {
    length: rowOf.length,
    draw(weights, integer) {
      for (let i = 0; i < rowOf.length; i += 1) weights[rowOf[integer(rowOf.length)]!]! += 1
    },
  }
}

function clusterUnits(table: Table, clusters: Int32Array): Units {
  const members = new Map<number, number[]>()
  clusters.forEach((cluster, subject) => {
    const row = table.rowOf[subject]!
    if (table.votes[row]! < 2) return
    const rows = members.get(cluster)
    if (rows) rows.push(row)
    else members.set(cluster, [row])
  })
  const units = [...members.values()]
  return {
    length: units.length,
    draw(weights, integer) {
      for (let i = 0; i < units.length; i += 1) for (const row of units[integer(units.length)]!) weights[row]! += 1
    },
  }
}

function filled(width: number, reason: string): BootstrapInterval[] {
  return Array.from({ length: width }, () => ({ ci: null, reason }))
}
