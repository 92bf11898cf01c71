import { raterPairs, type RaterVotes } from '../domain/agreement/confusion.ts'
import type { Table } from '../domain/agreement/table.ts'
import { MISSING } from '../domain/scale.ts'
import type { Patterns } from './patterns.ts'
import type { Selection } from './selection.ts'

/**
 * The selection as a table for `agreementSteps`. A scan that misses somebody's grade has the row of its pattern, which does not
 * say who gave which: with thirty readers hardly two scans would have the same row otherwise. Only scans that everybody
 * graded have a row for each way in which they did.
 */
export function tableOf(selection: Selection, patterns: Patterns, categories: readonly number[]): Table {
  const { byScan, readers, scans } = selection
  const raters = readers.length
  const q = categories.length
  const graded = patterns.votes.map((votes) => votes.filter((vote) => vote !== 'cannot').length)
  const keys = keysOfRows(selection, patterns, graded, q)
  const sorted = [...new Set(keys)].sort((a, b) =>
    typeof a === typeof b ? (a < b ? -1 : 1) : typeof a < typeof b ? -1 : 1,
  )
  const rowOfKey = new Map(sorted.map((key, row) => [key, row]))
  const rows = sorted.length
  const codes = new Int8Array(rows * raters).fill(MISSING)
  const counts = new Int32Array(rows * q)
  const votes = new Int32Array(rows)
  const weights = new Float64Array(rows)
  const rowOf = new Int32Array(scans.length)
  for (let i = 0; i < scans.length; i += 1) {
    const row = rowOfKey.get(keys[i]!)!
    rowOf[i] = row
    weights[row]! += 1
    if (weights[row]! > 1) continue
    const whole = graded[patterns.of[i]!] === raters
    for (let at = byScan.start[scans[i]!]!; at < byScan.start[scans[i]! + 1]!; at += 1) {
      const code = byScan.code[at]!
      if (code < 0) continue
      counts[row * q + code]! += 1
      votes[row]! += 1
      if (whole) codes[row * raters + byScan.reader[at]!] = code
    }
  }
  return { rows, raters, categories, codes, counts, votes, weights, rowOf }
}

/** For each scan what tells its row from others: below zero its pattern, otherwise what each reader said. */
function keysOfRows(
  { byScan: { start, code }, readers, scans }: Selection,
  { of }: Patterns,
  graded: readonly number[],
  q: number,
): (number | string)[] {
  const exact = q ** readers.length <= Number.MAX_SAFE_INTEGER
  const keys = new Array<number | string>(scans.length)
  for (let i = 0; i < scans.length; i += 1) {
    const pattern = of[i]!
    if (graded[pattern] !== readers.length) {
      keys[i] = pattern - graded.length
      continue
    }
    const own = code.subarray(start[scans[i]!], start[scans[i]! + 1])
    let key = 0
    for (let at = 0; at < own.length; at += 1) key = key * q + own[at]!
    keys[i] = exact ? key : String.fromCharCode(...own)
  }
  return keys
}

/** Who voted what. One pass over the scans counts for all pairs of readers: of thirty readers' 435 few have seen the same scan. */
export function votesOf({ byScan: { start, reader, code }, readers, scans }: Selection, q: number): RaterVotes {
  const size = readers.length
  const own = new Float64Array(size * q)
  const cells = q * q
  const all = new Float64Array(((size * (size - 1)) / 2) * cells)
  for (let i = 0; i < scans.length; i += 1) {
    const end = start[scans[i]! + 1]!
    for (let x = start[scans[i]!]!; x < end; x += 1) {
      const first = code[x]!
      if (first < 0) continue
      const a = reader[x]!
      own[a * q + first]! += 1
      // As in `raterPairs`: the pairs with first reader a begin after those of the readers before.
      const row = ((a * (2 * size - a - 1)) / 2 - a - 1) * cells + first * q
      for (let y = x + 1; y < end; y += 1) if (code[y]! >= 0) all[row + reader[y]! * cells + code[y]!]! += 1
    }
  }
  return { own, pairs: raterPairs(size).map((_, pair) => all.subarray(pair * cells, (pair + 1) * cells)) }
}
