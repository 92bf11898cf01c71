import { reasons } from './outcome.ts'
import type { Table } from './table.ts'

export type AlphaMetric = 'nominal' | 'ordinal' | 'interval'
export type Alpha = { estimate: number | null; units: number; values: number; reason?: string }

/** The coincidence matrix (q x q, row by row), its margins, and how many units and values went into it. */
export type Coincidences = { matrix: Float64Array; margins: Float64Array; units: number; values: number }

/**
 * Krippendorff's coincidence matrix over the units with two votes or more: each ordered pair of votes within a unit of m
 * votes counts 1 / (m - 1) (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, section C).
 */
export function coincidences(table: Table): Coincidences {
  const q = table.categories.length
  const matrix = new Float64Array(q * q)
  const margins = new Float64Array(q)
  let units = 0
  let values = 0
  for (let row = 0; row < table.rows; row += 1) {
    const votes = table.votes[row]!
    const weight = table.weights[row]!
    if (votes < 2 || weight === 0) continue
    units += weight
    values += weight * votes
    for (let k = 0; k < q; k += 1) {
      const count = table.counts[row * q + k]!
      if (count === 0) continue
      margins[k]! += weight * count
      for (let l = 0; l < q; l += 1) {
        const other = table.counts[row * q + l]! - (k === l ? 1 : 0)
        if (other > 0) matrix[k * q + l]! += (weight * count * other) / (votes - 1)
      }
    }
  }
  return { matrix, margins, units, values }
}

/**
 * Krippendorff's alpha = 1 - Do / De. The ordinal difference of two grades is the number of values ranked between them,
 * each end counted half, squared; the interval difference is that of the grades' values, squared (2011, section D).
 * Null where every pairable value is the same (0/0).
 */
export function krippendorffAlpha(of: Coincidences, categories: readonly number[], metric: AlphaMetric): Alpha {
  const { matrix, margins, units, values } = of
  if (units === 0) return { estimate: null, units, values, reason: reasons.noPairs }
  const q = categories.length
  let observed = 0
  let expected = 0
  for (let k = 0; k < q; k += 1) {
    let between = margins[k]! / 2 // ordinal: half of k, all between, half of l
    for (let l = k + 1; l < q; l += 1) {
      between += margins[l]! / 2
      const gap = metric === 'nominal' ? 1 : metric === 'ordinal' ? between : categories[l]! - categories[k]!
      observed += 2 * matrix[k * q + l]! * gap * gap
      expected += 2 * margins[k]! * margins[l]! * gap * gap
      between += margins[l]! / 2
    }
  }
  if (expected === 0) return { estimate: null, units, values, reason: reasons.allEqual }
  return { estimate: 1 - ((values - 1) * observed) / expected, units, values }
}
