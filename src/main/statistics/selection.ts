import type { Ratings } from '../domain/agreement/ratings.ts'
import { MISSING } from '../domain/scale.ts'
import { columnsOf, type Columns } from './columns.ts'
import type { Copy } from './copy.ts'
import type { VoteFilter } from './question.ts'

const DAY = 86_400_000

/** The votes that pass a filter. */
export interface Selection {
  /** The readers with a vote that passes. */
  readers: number[]
  /** The scans with a vote that passes, ascending. */
  scans: Int32Array
  /** For each scan of the copy its place in `scans`, or -1. */
  place: Int32Array
  /** The votes of scan `scans[i]` stand from `start[i]` to `start[i + 1]`: whose they are, as a place in `readers`, and their codes. */
  start: Int32Array
  reader: Uint16Array
  code: Int8Array
  /** The day of each scan's last vote that passes. */
  lastDay: Uint16Array
  /** What a vote on one of the scans has to be: of a reader with 1, and of one of the days, both included. */
  passing: { reader: Uint8Array; from: number; to: number }
  columns: Columns
}

export function select(copy: Copy, filter: VoteFilter): Selection {
  const columns = columnsOf(copy)
  const site = filter.site === undefined ? null : copy.siteNames.indexOf(filter.site)
  // Days are kept in 16 bits.
  const from = filter.from === undefined ? 0 : Math.max(0, Date.parse(filter.from) / DAY)
  const to = filter.to === undefined ? 0xffff : Math.min(0xffff, Date.parse(filter.to) / DAY)
  const passes = Uint8Array.from(copy.readers, ({ letter }) => Number(filter.readers?.includes(letter) ?? true))
  const { start, reader, code, day } = columns
  const into = room(copy.scans, code.length)
  let scans = 0
  let votes = 0
  for (let s = 0; s < copy.scans; s += 1) {
    if (site !== null && copy.site[s] !== site) continue
    const first = votes
    let last = 0
    for (let at = start[s]!; at < start[s + 1]!; at += 1) {
      const own = day[at]!
      if (passes[reader[at]!] === 0 || own < from || own > to) continue
      into.reader[votes] = reader[at]!
      into.code[votes] = code[at]!
      if (own > last) last = own
      votes += 1
    }
    if (votes === first) continue
    into.start[scans] = first
    into.scans[scans] = s
    into.lastDay[scans] = last
    scans += 1
  }
  const all = copy.readers.map((_, r) => r)
  return filled(into, scans, votes, all, { columns, passing: { reader: passes, from, to } })
}

/** The same votes on some of the scans only. */
export function narrowed(selection: Selection, keep: (place: number) => boolean): Selection {
  const { start, reader, code } = selection
  const into = room(selection.place.length, code.length)
  let scans = 0
  let votes = 0
  for (let i = 0; i < selection.scans.length; i += 1) {
    if (!keep(i)) continue
    into.start[scans] = votes
    into.scans[scans] = selection.scans[i]!
    into.lastDay[scans] = selection.lastDay[i]!
    scans += 1
    for (let at = start[i]!; at < start[i + 1]!; at += 1, votes += 1) {
      into.reader[votes] = reader[at]!
      into.code[votes] = code[at]!
    }
  }
  return filled(into, scans, votes, selection.readers, selection)
}

const room = (scans: number, votes: number) => ({
  scans: new Int32Array(scans),
  start: new Int32Array(scans + 1),
  lastDay: new Uint16Array(scans),
  reader: new Uint16Array(votes),
  code: new Int8Array(votes),
})

/** Cuts the room to what was filled, and leaves out the readers of whom nothing is there. */
function filled(
  into: ReturnType<typeof room>,
  scans: number,
  votes: number,
  readers: number[],
  { columns, passing }: Pick<Selection, 'columns' | 'passing'>,
): Selection {
  into.start[scans] = votes
  const there = new Uint8Array(readers.length)
  for (let at = 0; at < votes; at += 1) there[into.reader[at]!] = 1
  const left = readers.filter((_, r) => there[r] === 1)
  if (left.length < readers.length) {
    const places = Uint16Array.from(readers, (r) => left.indexOf(r))
    for (let at = 0; at < votes; at += 1) into.reader[at] = places[into.reader[at]!]!
  }
  const place = new Int32Array(into.scans.length).fill(-1)
  for (let i = 0; i < scans; i += 1) place[into.scans[i]!] = i
  return {
    readers: left,
    place,
    scans: into.scans.subarray(0, scans),
    start: into.start.subarray(0, scans + 1),
    lastDay: into.lastDay.subarray(0, scans),
    reader: into.reader.subarray(0, votes),
    code: into.code.subarray(0, votes),
    columns,
    passing,
  }
}

/** The grades of the selection, "cannot be graded" being no grade. */
export function ratingsFrom(copy: Copy, categories: readonly number[], selection: Selection): Ratings {
  const { readers, scans, start, reader, code } = selection
  const width = readers.length
  const codes = new Int8Array(scans.length * width).fill(MISSING)
  for (let i = 0; i < scans.length; i += 1)
    for (let at = start[i]!; at < start[i + 1]!; at += 1) if (code[at]! >= 0) codes[i * width + reader[at]!] = code[at]!
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
