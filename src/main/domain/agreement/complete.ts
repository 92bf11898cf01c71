import type { Table } from './table.ts'

/**
 * Sums for an analysis of variance over the subjects with every rater's vote, subjects by raters. Grades are taken less
 * the middle of the scale, and the sums of squares are kept times n k, so that with whole grades they are exact whole
 * numbers and a zero is a zero.
 */
export type VarianceSums = {
  n: number
  k: number
  /** n k times the sum of squares between subjects, between raters, and of the residual. */
  subjects: number
  raters: number
  residual: number
}

/** Of a table no subject of which has every vote, all are 0. */
export function varianceSums(table: Table): VarianceSums {
  const k = table.raters
  const middle = table.categories[table.categories.length >> 1] ?? 0
  const byRater = new Float64Array(k)
  let n = 0
  let squares = 0
  let total = 0
  let subjectSquares = 0
  for (let row = 0; row < table.rows; row += 1) {
    const weight = table.weights[row]!
    if (table.votes[row] !== k || weight === 0) continue
    n += weight
    let sum = 0
    for (let r = 0; r < k; r += 1) {
      const value = table.categories[table.codes[row * k + r]!]! - middle
      sum += value
      squares += weight * value * value
      byRater[r]! += weight * value
    }
    total += weight * sum
    subjectSquares += weight * sum * sum
  }
  const raterSquares = byRater.reduce((sum, value) => sum + value * value, 0)
  const all = n * k * squares - total * total
  const subjects = settled(n * subjectSquares - total * total, all)
  const raters = settled(k * raterSquares - total * total, all)
  return { n, k, subjects, raters, residual: settled(all - subjects - raters, all) }
}

/** Zero where only rounding is left (grades that are not whole numbers). */
function settled(value: number, scale: number): number {
  return value <= Math.abs(scale) * 1e-13 ? 0 : value
}
