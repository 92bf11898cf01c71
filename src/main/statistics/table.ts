import { raterPairs, type RaterVotes } from '../domain/agreement/confusion.ts'
import { tabulate, type Table } from '../domain/agreement/table.ts'
import { MISSING } from '../domain/scale.ts'
import type { Patterns } from './patterns.ts'
import type { Selection } from './selection.ts'

/**
 * The selection as a table for `agreementSteps`. A scan that misses somebody's grade has the row of its pattern, which does not
 * say who gave which: with thirty readers hardly two scans would have the same row otherwise. Only scans that everybody
 * graded have a row for each way in which they did; these come last.
 */
export function tableOf(selection: Selection, patterns: Patterns, categories: readonly number[]): Table {
  const raters = selection.readers.length
  const q = categories.length
  const graded = patterns.votes.map(({ grades }) => grades.reduce((sum, count) => sum + count, 0))
  const partial = graded.map((_, pattern) => pattern).filter((pattern) => graded[pattern] !== raters)
  const rowOfPattern = new Int32Array(graded.length).fill(-1)
  partial.forEach((pattern, row) => (rowOfPattern[pattern] = row))
  const rowOf = patterns.of.map((pattern) => rowOfPattern[pattern]!)
  const whole = ofWhole(selection, rowOf, categories)
  for (let i = 0, at = 0; i < rowOf.length; i += 1) {
    if (rowOf[i]! >= 0) continue
    rowOf[i] = partial.length + whole.rowOf[at]!
    at += 1
  }
  const rows = partial.length + whole.rows
  const codes = new Int8Array(rows * raters).fill(MISSING)
  codes.set(whole.codes, partial.length * raters)
  return {
    ...{ rows, raters, categories, codes, rowOf },
    counts: joined(
      Int32Array,
      partial.flatMap((pattern) => patterns.votes[pattern]!.grades),
      whole.counts,
      rows * q,
    ),
    votes: joined(
      Int32Array,
      partial.map((pattern) => graded[pattern]!),
      whole.votes,
      rows,
    ),
    weights: joined(
      Float64Array,
      partial.map((pattern) => patterns.counts[pattern]!),
      whole.weights,
      rows,
    ),
  }
}

/** Those of the scans that have no row yet: they have everybody's grade. */
function ofWhole({ readers, start, code }: Selection, rowOf: Int32Array, categories: readonly number[]): Table {
  const raters = readers.length
  const codes = new Int8Array(code.length)
  let n = 0
  for (let i = 0; i < rowOf.length; i += 1) {
    if (rowOf[i]! >= 0) continue
    for (let r = 0; r < raters; r += 1) codes[n * raters + r] = code[start[i]! + r]!
    n += 1
  }
  // Nobody asks for names here.
  const subjects = new Array<string>(n).fill('')
  return tabulate({ subjects, raters: readers.map(String), categories, codes, clusters: null })
}

function joined<T extends Int32Array | Float64Array>(
  Kind: new (length: number) => T,
  first: readonly number[],
  second: T,
  length: number,
): T {
  const all = new Kind(length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/** Who voted what. One pass over the scans counts for all pairs of readers: of thirty readers' 435 few have seen the same scan. */
export function votesOf({ readers, column, scans, start, end, reader, code }: Selection, q: number): RaterVotes {
  const size = readers.length
  const cells = q * q
  const own = new Float64Array(size * q)
  const all = new Int32Array(((size * (size - 1)) / 2) * cells)
  // As in `raterPairs`: the pairs with first reader a begin after those of the readers before.
  const pairsOf = Int32Array.from(readers, (_, a) => ((a * (2 * size - a - 1)) / 2 - a - 1) * cells)
  // Of the votes of one scan that are grades: where in a pair's table the second reader's leads.
  const seconds = new Int32Array(size)
  for (let i = 0; i < scans.length; i += 1) {
    // From the last vote to the first: each meets those of the readers after.
    let later = 0
    for (let at = end[i]! - 1; at >= start[i]!; at -= 1) {
      const grade = code[at]!
      if (grade < 0) continue
      const a = column[reader[at]!]!
      own[a * q + grade]! += 1
      const row = pairsOf[a]! + grade * q
      for (let y = 0; y < later; y += 1) all[row + seconds[y]!]! += 1
      seconds[later] = a * cells + grade
      later += 1
    }
  }
  const counts = Float64Array.from(all)
  return { own, pairs: raterPairs(size).map((_, pair) => counts.subarray(pair * cells, (pair + 1) * cells)) }
}
