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

/**
 * The same of every pair of raters, in the order of `raterPairs`, in one pass over the rows: a row costs as many steps as
 * it has pairs of votes, so that thirty readers of whom ten see a scan cost no thirty-fold.
 */
export function pairCounts(table: Table): Float64Array[] {
  const { raters, codes, weights } = table
  const q = table.categories.length
  const counts = raterPairs(raters).map(() => new Float64Array(q * q))
  const present = new Int32Array(raters)
  for (let row = 0; row < table.rows; row += 1) {
    const start = row * raters
    let votes = 0
    for (let r = 0; r < raters; r += 1) {
      if (codes[start + r] === MISSING) continue
      present[votes] = r
      votes += 1
    }
    for (let x = 0; x + 1 < votes; x += 1) {
      const a = present[x]!
      const cell = codes[start + a]! * q
      // The pairs with first rater a begin after those of the raters before; (a, b) is the b - a - 1st of them.
      const first = (a * (2 * raters - a - 1)) / 2 - a - 1
      for (let y = x + 1; y < votes; y += 1) {
        const b = present[y]!
        counts[first + b]![cell + codes[start + b]!]! += weights[row]!
      }
    }
  }
  return counts
}

/** raters x q: how often each rater gave each grade. */
export function ownCounts({ rows, raters, codes, weights, categories }: Table): Float64Array {
  const q = categories.length
  const own = new Float64Array(raters * q)
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let r = 0; r < raters; r += 1, at += 1) {
      const code = codes[at]!
      if (code !== MISSING) own[r * q + code]! += weights[row]!
    }
  return own
}

/** Who voted what: `ownCounts`, and `pairCounts` in the order of `raterPairs`. */
export type RaterVotes = { own: Float64Array; pairs: Float64Array[] }

export const votesOfRaters = (table: Table): RaterVotes => ({ own: ownCounts(table), pairs: pairCounts(table) })

/** Counts (q x q, row by row) as nested arrays, for people and JSON. */
export function confusionMatrix(counts: Float64Array, q: number): number[][] {
  return Array.from({ length: q }, (_, i) => Array.from(counts.subarray(i * q, (i + 1) * q)))
}

/** Every pair of raters, the first before the second. */
export function raterPairs(raters: number): [number, number][] {
  const pairs: [number, number][] = []
  for (let a = 0; a < raters; a += 1) for (let b = a + 1; b < raters; b += 1) pairs.push([a, b])
  return pairs
}
