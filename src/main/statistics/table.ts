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
  const partial: number[] = []
  const rowOfPattern = new Int32Array(patterns.votes.length).fill(-1)
  patterns.votes.forEach(({ graded }, pattern) => {
    if (graded !== raters) rowOfPattern[pattern] = partial.push(pattern) - 1
  })
  const { rowOf, whole } =
    partial.length === patterns.votes.length
      ? { rowOf: patterns.of, whole: null }
      : withWhole(selection, patterns, rowOfPattern, partial.length, categories)
  const rows = partial.length + (whole?.rows ?? 0)
  const counts = new Int32Array(rows * q)
  const votes = new Int32Array(rows)
  const weights = new Float64Array(rows)
  partial.forEach((pattern, row) => {
    const { grades, graded } = patterns.votes[pattern]!
    for (let code = 0; code < q; code += 1) counts[row * q + code] = grades[code]!
    votes[row] = graded
    weights[row] = patterns.counts[pattern]!
  })
  const codes = new Int8Array(rows * raters).fill(MISSING)
  if (whole) {
    codes.set(whole.codes, partial.length * raters)
    counts.set(whole.counts, partial.length * q)
    votes.set(whole.votes, partial.length)
    weights.set(whole.weights, partial.length)
  }
  return { rows, raters, categories, codes, counts, votes, weights, rowOf }
}

/** The rows of scans that everybody graded follow those of the patterns. */
function withWhole(
  selection: Selection,
  { of }: Patterns,
  rowOfPattern: Int32Array,
  partial: number,
  categories: readonly number[],
): { rowOf: Int32Array; whole: Table } {
  const rowOf = of.map((pattern) => rowOfPattern[pattern]!)
  const whole = ofWhole(selection, rowOf, categories)
  for (let i = 0, at = 0; i < rowOf.length; i += 1) {
    if (rowOf[i]! >= 0) continue
    rowOf[i] = partial + whole.rowOf[at]!
    at += 1
  }
  return { rowOf, whole }
}

/** Those of the scans that have no row yet: they have everybody's grade. */
function ofWhole(selection: Selection, rowOf: Int32Array, categories: readonly number[]): Table {
  const { readers, column, start, end } = selection
  const { reader, code } = selection.columns
  const raters = readers.length
  let n = 0
  for (let i = 0; i < rowOf.length; i += 1) n += Number(rowOf[i]! < 0)
  const codes = new Int8Array(n * raters)
  for (let i = 0, first = 0; i < rowOf.length; i += 1) {
    if (rowOf[i]! >= 0) continue
    for (let at = start[i]!; at < end[i]!; at += 1) {
      const whose = column[reader[at]!]!
      if (whose >= 0) codes[first + whose] = code[at]!
    }
    first += raters
  }
  // Nobody asks for names here.
  const subjects = new Array<string>(n).fill('')
  return tabulate({ subjects, raters: readers.map(String), categories, codes, clusters: null })
}
