import { MISSING } from '../scale.ts'
import type { Ratings } from './ratings.ts'

/**
 * The distinct rows of votes with how often each occurs. Three readers on five grades leave at most 6^3 = 216 rows,
 * however many subjects there are, so that every statistic costs microseconds once the subjects have been counted,
 * and a bootstrap resample is only another set of weights.
 */
export type Table = {
  readonly rows: number
  readonly raters: number
  readonly categories: readonly number[]
  /** rows x raters: index of the category, or -1. */
  readonly codes: Int8Array
  /** rows x categories: how many votes of the row fall on each grade. */
  readonly counts: Int32Array
  /** Votes present in each row. */
  readonly votes: Int32Array
  /** How many subjects have the row: a whole number. */
  readonly weights: Float64Array
  /** For each subject its row. */
  readonly rowOf: Int32Array
}

/** Above this many possible rows they are told apart by sorting the subjects instead of by counting cells. */
const MAX_CELLS = 1 << 20
/** The sort looks at the votes of as many raters at a time as make no more digits than this. */
const MAX_DIGITS = 1 << 12

/** Counts the distinct rows, in an order that does not depend on the order of the subjects. */
export function tabulate(ratings: Ratings): Table {
  const raters = ratings.raters.length
  const cells = (ratings.categories.length + 1) ** raters
  return cells <= MAX_CELLS ? byCell(ratings, cells) : bySorting(ratings)
}

function byCell(ratings: Ratings, cells: number): Table {
  const { codes } = ratings
  const n = ratings.subjects.length
  const raters = ratings.raters.length
  const base = ratings.categories.length + 1
  const rowOf = new Int32Array(n)
  const tally = new Int32Array(cells)
  for (let s = 0, at = 0; s < n; s += 1) {
    let cell = 0
    for (let r = 0; r < raters; r += 1, at += 1) cell = cell * base + codes[at]! + 1
    rowOf[s] = cell
    tally[cell]! += 1
  }
  const rowOfCell = new Int32Array(cells)
  const used: number[] = []
  for (let cell = 0; cell < cells; cell += 1) if (tally[cell]! > 0) rowOfCell[cell] = used.push(cell) - 1
  for (let s = 0; s < n; s += 1) rowOf[s] = rowOfCell[rowOf[s]!]!
  const rowCodes = new Int8Array(used.length * raters)
  used.forEach((cell, row) => {
    for (let r = raters - 1; r >= 0; r -= 1, cell = Math.floor(cell / base))
      rowCodes[row * raters + r] = (cell % base) - 1
  })
  const weights = Float64Array.from(used, (cell) => tally[cell]!)
  return withCounts(ratings, rowCodes, weights, rowOf)
}

/** A radix sort of the subjects by their rows, from the last raters' votes to the first's: equal rows are then neighbours. */
function bySorting(ratings: Ratings): Table {
  const { codes } = ratings
  const n = ratings.subjects.length
  const raters = ratings.raters.length
  const base = ratings.categories.length + 1
  const width = Math.max(1, Math.floor(Math.log(MAX_DIGITS) / Math.log(base)))
  let order = new Int32Array(n).map((_, s) => s)
  let sorted = new Int32Array(n)
  const digits = new Int32Array(n)
  for (let end = raters; end > 0; end -= width) {
    const begin = Math.max(0, end - width)
    const next = new Int32Array(base ** (end - begin) + 1) // where the next subject with a digit goes
    for (let s = 0; s < n; s += 1) {
      let digit = 0
      for (let r = begin; r < end; r += 1) digit = digit * base + codes[s * raters + r]! + 1
      digits[s] = digit
      next[digit + 1]! += 1
    }
    for (let digit = 1; digit < next.length; digit += 1) next[digit]! += next[digit - 1]!
    for (let i = 0; i < n; i += 1) {
      const s = order[i]!
      const digit = digits[s]!
      sorted[next[digit]!] = s
      next[digit]! += 1
    }
    ;[order, sorted] = [sorted, order]
  }
  const rowOf = new Int32Array(n)
  const tally: number[] = []
  const firsts: number[] = [] // a subject of each row
  const differ = (a: number, b: number): boolean => {
    for (let r = 0; r < raters; r += 1) if (codes[a * raters + r] !== codes[b * raters + r]) return true
    return false
  }
  for (let i = 0; i < n; i += 1) {
    const s = order[i]!
    if (i === 0 || differ(order[i - 1]!, s)) {
      firsts.push(s)
      tally.push(0)
    }
    const row = firsts.length - 1
    rowOf[s] = row
    tally[row]! += 1
  }
  const rowCodes = new Int8Array(firsts.length * raters)
  firsts.forEach((s, row) => rowCodes.set(codes.subarray(s * raters, (s + 1) * raters), row * raters))
  return withCounts(ratings, rowCodes, Float64Array.from(tally), rowOf)
}

function withCounts(ratings: Ratings, codes: Int8Array, weights: Float64Array, rowOf: Int32Array): Table {
  const rows = weights.length
  const raters = ratings.raters.length
  const q = ratings.categories.length
  const counts = new Int32Array(rows * q)
  const votes = new Int32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    for (let r = 0; r < raters; r += 1) {
      const code = codes[row * raters + r]!
      if (code === MISSING) continue
      counts[row * q + code]! += 1
      votes[row]! += 1
    }
  }
  return { rows, raters, categories: ratings.categories, codes, counts, votes, weights, rowOf }
}

/** The same table with other weights: a bootstrap resample, or some rows left out (weight 0). */
export function reweighted(table: Table, weights: Float64Array): Table {
  return { ...table, weights }
}

/** Only the subjects with a vote of every rater. */
export function completeOnly(table: Table): Table {
  return reweighted(
    table,
    table.weights.map((w, row) => (table.votes[row] === table.raters ? w : 0)),
  )
}

/** How many subjects have at least `votes` votes. */
export function subjectsWith(table: Table, votes: number): number {
  let n = 0
  for (let row = 0; row < table.rows; row += 1) if (table.votes[row]! >= votes) n += table.weights[row]!
  return n
}
