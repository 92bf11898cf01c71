import type { Ratings } from '../domain/agreement/ratings.ts'
import { MISSING } from '../domain/scale.ts'
import { columnsOf, type Columns, type Queue } from './columns.ts'
import type { Copy } from './copy.ts'
import type { Packed } from './packed.ts'
import { CANNOT, type VoteFilter } from './question.ts'

const DAY = 86_400_000

/** The votes that pass a filter. */
export interface Selection {
  /** The readers with a vote that passes, and of every reader of the copy the place among these, or -1. */
  readers: number[]
  column: Int16Array
  /** The scans with a vote that passes, ascending, and of every scan of the copy its place among these, or -1. */
  scans: Int32Array
  place: Int32Array
  /** The votes of scan `scans[i]` stand in the columns from `start[i]` to `end[i]`; those of readers without a column do not pass. */
  start: Int32Array
  end: Int32Array
  /** The day of each scan's last vote that passes. */
  lastDay: Uint16Array
  /** What a vote on one of the scans has to be: of a reader with 1, and of one of the days, both included. */
  passing: { reader: Uint8Array; from: number; to: number }
  columns: Columns
}

type Passing = Selection['passing']

/** By site, reader and day; with the numbers of each scan's votes (packed.ts). */
export function select(
  copy: Copy,
  filter: VoteFilter,
  { worth, before }: Packed,
): { selection: Selection; sums: Int32Array[] } {
  const columns = columnsOf(copy)
  const site = filter.site === undefined ? null : copy.siteNames.indexOf(filter.site)
  const passes = Uint8Array.from(copy.readers, ({ letter }) => Number(filter.readers?.includes(letter) ?? true))
  // Days are kept in 16 bits.
  const from = filter.from === undefined ? 0 : Math.max(0, Date.parse(filter.from) / DAY)
  const to = filter.to === undefined ? 0xffff : Math.min(0xffff, Date.parse(filter.to) / DAY)
  const someDays = from > 0 || to < 0xffff
  const size = columns.start.length - 1
  const passing = { reader: passes, from, to }
  const of = { start: new Int32Array(size), end: new Int32Array(size), lastDay: new Uint16Array(size) }
  for (let s = 0; s < size; s += 1) {
    if (site !== null && copy.site[s] !== site) continue
    let first = columns.start[s]!
    let end = columns.start[s + 1]!
    if (someDays) {
      // Counted without asking where they end: that is known for few in advance.
      let earlier = 0
      let later = 0
      for (let at = first; at < end; at += 1) {
        earlier += Number(columns.day[at]! < from)
        later += Number(columns.day[at]! > to)
      }
      first += earlier
      end = Math.max(first, end - later)
    }
    of.start[s] = first
    of.end[s] = end
  }
  const sums = worth.map(() => new Int32Array(size))
  const left = passes.reduce((n, one) => n - one, passes.length)
  // Whatever is less: the votes of those who pass, or all less those of the others.
  if (2 * left > passes.length) addUp(columns, passing, of, worth, sums)
  else {
    sums.forEach((sum, n) => {
      for (let s = 0; s < size; s += 1) sum[s] = (before[n]![of.end[s]!]! - before[n]![of.start[s]!]!) | 0
    })
    for (let s = 0; s < size; s += 1) if (of.end[s]! > of.start[s]!) of.lastDay[s] = columns.day[of.end[s]! - 1]!
    if (left > 0) takeAway(columns, passing, of, worth, sums)
  }
  const there = new Int32Array(size)
  let n = 0
  for (let s = 0; s < size; s += 1) {
    there[n] = s
    // A vote is worth something in one of the numbers.
    let votes = 0
    for (let word = 0; word < sums.length; word += 1) votes |= sums[word]![s]!
    n += Number(votes !== 0)
  }
  const scans = there.slice(0, n)
  return {
    selection: at(columns, passing, scans, { start: of.start, end: of.end, lastDay: of.lastDay }, scans),
    sums: sums.map((sum) => scans.map((s) => sum[s]!)),
  }
}

/** Of every scan of the copy, or of a selection. */
type OfScans = Pick<Selection, 'start' | 'end' | 'lastDay'>

/** What the votes of the readers who pass are worth. */
function addUp({ queues }: Columns, passing: Passing, of: OfScans, worth: Int32Array[], sums: Int32Array[]): void {
  eachVote(queues, passing, 1, of, (s, code, day) => {
    for (let n = 0; n < sums.length; n += 1) sums[n]![s]! += worth[n]![code - CANNOT]!
    if (day > of.lastDay[s]!) of.lastDay[s] = day
  })
}

/** Less what those of the others are worth. */
function takeAway(columns: Columns, passing: Passing, of: OfScans, worth: Int32Array[], sums: Int32Array[]): void {
  eachVote(columns.queues, passing, 0, of, (s, code, day) => {
    for (let n = 0; n < sums.length; n += 1) sums[n]![s]! -= worth[n]![code - CANNOT]!
    if (day < of.lastDay[s]!) return
    let last = of.end[s]! - 1
    while (last >= of.start[s]! && passing.reader[columns.reader[last]!] === 0) last -= 1
    if (last >= of.start[s]!) of.lastDay[s] = columns.day[last]!
  })
}

/** The votes of readers who pass (1) or do not (0), on the days that pass and the scans that have any. */
function eachVote(
  queues: readonly Queue[],
  { reader, from, to }: Passing,
  passes: 0 | 1,
  { start, end }: OfScans,
  take: (scan: number, code: number, day: number) => void,
): void {
  for (const [r, { scan, code, day }] of queues.entries()) {
    if (reader[r] !== passes) continue
    for (let at = 0; at < scan.length; at += 1) {
      const s = scan[at]!
      if (day[at]! >= from && day[at]! <= to && start[s]! < end[s]!) take(s, code[at]!, day[at]!)
    }
  }
}

/** The same votes on some of the scans alone: `places` in `scans`, ascending. */
export function narrowed(selection: Selection, places: Int32Array): Selection {
  const scans = places.map((i) => selection.scans[i]!)
  return at(selection.columns, selection.passing, scans, selection, places)
}

/** The votes on the given scans, whose start, end and last day stand at `places` of what is given of more scans. */
function at(columns: Columns, passing: Passing, scans: Int32Array, of: OfScans, places: Int32Array): Selection {
  const start = new Int32Array(places.length)
  const end = new Int32Array(places.length)
  const lastDay = new Uint16Array(places.length)
  const place = new Int32Array(columns.start.length - 1).fill(-1)
  for (let i = 0; i < places.length; i += 1) {
    start[i] = of.start[places[i]!]!
    end[i] = of.end[places[i]!]!
    lastDay[i] = of.lastDay[places[i]!]!
    place[scans[i]!] = i
  }
  const there = votersOf(columns, passing, start, end)
  const readers = [...there.keys()].filter((r) => there[r] === 1)
  const column = new Int16Array(there.length).fill(-1)
  readers.forEach((r, at) => (column[r] = at))
  return { readers, column, scans, place, start, end, lastDay, passing, columns }
}

/** Which readers have a vote that passes: 1. */
function votersOf({ reader }: Columns, passing: Passing, start: Int32Array, end: Int32Array): Uint8Array {
  const there = new Uint8Array(passing.reader.length)
  // Hardly ever are all votes looked at: every reader has one soon.
  let missing = passing.reader.reduce((sum, one) => sum + one, 0)
  for (let i = 0; i < start.length && missing > 0; i += 1)
    for (let at = start[i]!; at < end[i]!; at += 1) {
      const whose = reader[at]!
      if (there[whose] === 1 || passing.reader[whose] === 0) continue
      there[whose] = 1
      missing -= 1
    }
  return there
}

/** The grades of the selection, "cannot be graded" being no grade. */
export function ratingsFrom(copy: Copy, categories: readonly number[], selection: Selection): Ratings {
  const { readers, column, scans, start, end } = selection
  const { reader, code } = selection.columns
  const width = readers.length
  const codes = new Int8Array(scans.length * width).fill(MISSING)
  for (let i = 0; i < scans.length; i += 1)
    for (let at = start[i]!; at < end[i]!; at += 1) {
      const whose = column[reader[at]!]!
      if (whose >= 0 && code[at]! >= 0) codes[i * width + whose] = code[at]!
    }
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
