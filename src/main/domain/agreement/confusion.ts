import { MISSING } from '../scale.ts'
import type { Table } from './table.ts'

/** q x q counts, row by row: the grade of rater `a` (row) against that of rater `b` (column), both votes present. */
export function confusionCounts(table: Table, a: number, b: number): Float64Array {
  const q = table.categories.length
  const counts = new Float64Array(q * q)
  for (let row = 0; row < table.rows; row += 1) {
    const i = table.codes[row * table.raters + a]!
    const j = table.codes[row * table.raters + b]!
    if (i !== MISSING && j !== MISSING) counts[i * q + j]! += table.weights[row]!
  }
  return counts
}

/** The same as nested arrays, for people and JSON. */
export function confusionMatrix(table: Table, a: number, b: number): number[][] {
  const q = table.categories.length
  const counts = confusionCounts(table, a, b)
  return Array.from({ length: q }, (_, i) => Array.from(counts.subarray(i * q, (i + 1) * q)))
}

/** Every pair of raters, the first before the second. */
export function raterPairs(raters: number): [number, number][] {
  const pairs: [number, number][] = []
  for (let a = 0; a < raters; a += 1) for (let b = a + 1; b < raters; b += 1) pairs.push([a, b])
  return pairs
}
