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
