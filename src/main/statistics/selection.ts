import type { Ratings } from '../domain/agreement/ratings.ts'
import { MISSING } from '../domain/scale.ts'
import { columnsOf, type Columns } from './columns.ts'
import type { Copy } from './copy.ts'
import type { VoteFilter } from './question.ts'

const DAY = 86_400_000

/** The votes that pass a filter. */
export interface Selection {
  /** The readers with a vote that passes, and of every reader of the copy the place among these, or -1. */
  readers: number[]
  column: Int16Array
  /** The scans with a vote that passes, ascending, and of every scan of the copy its place among these, or -1. */
  scans: Int32Array
  place: Int32Array
  /** The votes of scan `scans[i]` stand from `start[i]` to `end[i]`: whose they are, as a reader of the copy, and their codes. */
  start: Int32Array
  end: Int32Array
  reader: Uint16Array
  code: Int8Array
  /** The day of each scan's last vote that passes. */
  lastDay: Uint16Array
  /** What a vote on one of the scans has to be: of a reader with 1, and of one of the days, both included. */
  passing: { reader: Uint8Array; from: number; to: number }
  columns: Columns
}

/** By site, reader and day. */
export function select(copy: Copy, filter: VoteFilter): Selection {
  const columns = columnsOf(copy)
  const site = filter.site === undefined ? null : copy.siteNames.indexOf(filter.site)
  const passes = Uint8Array.from(copy.readers, ({ letter }) => Number(filter.readers?.includes(letter) ?? true))
  // Days are kept in 16 bits.
  const from = filter.from === undefined ? 0 : Math.max(0, Date.parse(filter.from) / DAY)
  const to = filter.to === undefined ? 0xffff : Math.min(0xffff, Date.parse(filter.to) / DAY)
  const size = columns.start.length - 1
  const scans = new Int32Array(size)
  const start = new Int32Array(size)
  const end = new Int32Array(size)
  const lastDay = new Uint16Array(size)
  const reader = new Uint16Array(columns.code.length)
  const code = new Int8Array(columns.code.length)
  let n = 0
  let votes = 0
  for (let s = 0; s < size; s += 1) {
    if (site !== null && copy.site[s] !== site) continue
    const first = votes
    let last = 0
    for (let at = columns.start[s]!, next = columns.start[s + 1]!; at < next; at += 1) {
      const whose = columns.reader[at]!
      const day = columns.day[at]!
      if (passes[whose] === 0 || day < from || day > to) continue
      reader[votes] = whose
      code[votes] = columns.code[at]!
      if (day > last) last = day
      votes += 1
    }
    if (votes === first) continue
    scans[n] = s
    start[n] = first
    end[n] = votes
    lastDay[n] = last
    n += 1
  }
  const chosen = { scans: scans.subarray(0, n), start: start.subarray(0, n), end: end.subarray(0, n), reader, code }
  const passing = { reader: passes, from, to }
  return { ...chosen, ...standing(chosen, columns, passing), lastDay: lastDay.subarray(0, n), columns, passing }
}

/** The same votes on some of the scans alone: `places` in `scans`, ascending. */
export function narrowed(selection: Selection, places: Int32Array): Selection {
  const { columns, passing } = selection
  const chosen = {
    ...selection,
    scans: places.map((i) => selection.scans[i]!),
    start: places.map((i) => selection.start[i]!),
    end: places.map((i) => selection.end[i]!),
  }
  const lastDay = new Uint16Array(places.length)
  for (let i = 0; i < places.length; i += 1) lastDay[i] = selection.lastDay[places[i]!]!
  return { ...chosen, ...standing(chosen, columns, passing), lastDay }
}

/** Which readers have a vote there; and where scans and readers stand. */
function standing(
  { scans, start, end, reader }: Pick<Selection, 'scans' | 'start' | 'end' | 'reader'>,
  columns: Columns,
  passing: Selection['passing'],
): Pick<Selection, 'readers' | 'column' | 'place'> {
  const there = new Uint8Array(passing.reader.length)
  // Hardly ever are all votes looked at: every reader has one soon.
  let missing = passing.reader.reduce((sum, one) => sum + one, 0)
  for (let i = 0; i < scans.length && missing > 0; i += 1)
    for (let at = start[i]!; at < end[i]!; at += 1) {
      if (there[reader[at]!] === 1) continue
      there[reader[at]!] = 1
      missing -= 1
    }
  const readers = [...there.keys()].filter((r) => there[r] === 1)
  const column = new Int16Array(there.length).fill(-1)
  readers.forEach((r, at) => (column[r] = at))
  const place = new Int32Array(columns.start.length - 1).fill(-1)
  for (let i = 0; i < scans.length; i += 1) place[scans[i]!] = i
  return { readers, column, place }
}

/** The grades of the selection, "cannot be graded" being no grade. */
export function ratingsFrom(copy: Copy, categories: readonly number[], selection: Selection): Ratings {
  const { readers, column, scans, start, end, reader, code } = selection
  const width = readers.length
  const codes = new Int8Array(scans.length * width).fill(MISSING)
  for (let i = 0; i < scans.length; i += 1)
    for (let at = start[i]!; at < end[i]!; at += 1)
      if (code[at]! >= 0) codes[i * width + column[reader[at]!]!] = code[at]!
  return {
    // Names of scans take no part in a statistic; only their number does.
    subjects: new Array<string>(scans.length).fill(''),
    raters: readers.map((r) => copy.readers[r]!.letter),
    categories,
    codes,
    clusters: patientsOf(copy, scans),
  }
}

/** For each of the scans its patient. */
export const patientsOf = (copy: Copy, scans: Int32Array): Int32Array => scans.map((scan) => copy.patient[scan]!)
