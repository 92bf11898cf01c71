import type { Ratings } from '../domain/agreement/ratings.ts'
import { MISSING } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import { NONE, type VoteFilter } from './question.ts'

const DAY = 86_400_000

/** The votes that pass a filter. */
export interface Selection {
  /** One array a reader of the study: the codes, with NONE in the place of a vote that does not pass. */
  codes: Int8Array[]
  /** The readers with a vote that passes. */
  readers: number[]
  /** The scans with a vote that passes, ascending. */
  scans: Int32Array
  byScan: VotesByScan
}

/**
 * The votes of scan s stand from `start[s]` to `start[s + 1]`: whose they are, as a place in `readers`, and their codes. Of thirty
 * readers ten see a scan; whoever goes from scan to scan looks at those alone.
 */
export interface VotesByScan {
  start: Int32Array
  reader: Uint16Array
  code: Int8Array
}

export function select(copy: Copy, filter: VoteFilter): Selection {
  const site = filter.site === undefined ? null : copy.siteNames.indexOf(filter.site)
  const from = filter.from === undefined ? -Infinity : Date.parse(filter.from) / DAY
  const to = filter.to === undefined ? Infinity : Date.parse(filter.to) / DAY
  const codes = copy.readers.map(({ letter, votes: { code, day } }) => {
    const passed = new Int8Array(copy.scans)
    if (filter.readers && !filter.readers.includes(letter)) return passed.fill(NONE)
    passed.set(code.subarray(0, copy.scans))
    if (site !== null) for (let s = 0; s < passed.length; s += 1) if (copy.site[s] !== site) passed[s] = NONE
    if (from > -Infinity || to < Infinity)
      for (let s = 0; s < passed.length; s += 1) if (day[s]! < from || day[s]! > to) passed[s] = NONE
    return passed
  })
  return withScans(codes)
}

/** The same votes on some of the scans only. */
export function narrowed(selection: Selection, keep: (place: number) => boolean): Selection {
  const kept = selection.codes.map((code) => new Int8Array(code.length).fill(NONE))
  selection.scans.forEach((scan, place) => {
    if (keep(place)) selection.codes.forEach((code, r) => (kept[r]![scan] = code[scan]!))
  })
  return withScans(kept)
}

function withScans(codes: Int8Array[]): Selection {
  const size = codes[0]?.length ?? 0
  const start = new Int32Array(size + 1)
  const readers = codes.map((_, r) => r).filter((r) => counted(codes[r]!, start))
  const scans = new Int32Array(size)
  let n = 0
  for (let s = 0; s < size; s += 1) {
    if (start[s + 1]! > 0) {
      scans[n] = s
      n += 1
    }
    start[s + 1]! += start[s]!
  }
  return { codes, readers, scans: scans.slice(0, n), byScan: byScan(codes, readers, start) }
}

/** Adds a reader's votes to the counts, that of scan s at s + 1. Whether there are any. */
function counted(own: Int8Array, counts: Int32Array): boolean {
  let any = false
  for (let s = 0; s < own.length; s += 1) {
    if (own[s] === NONE) continue
    counts[s + 1]! += 1
    any = true
  }
  return any
}

function byScan(codes: readonly Int8Array[], readers: readonly number[], start: Int32Array): VotesByScan {
  const votes = start.at(-1) ?? 0
  const reader = new Uint16Array(votes)
  const code = new Int8Array(votes)
  const next = start.slice()
  readers.forEach((r, place) => {
    const own = codes[r]!
    for (let s = 0; s < own.length; s += 1) {
      if (own[s] === NONE) continue
      const at = next[s]!
      next[s] = at + 1
      reader[at] = place
      code[at] = own[s]!
    }
  })
  return { start, reader, code }
}

/** The grades of the selection, "cannot be graded" being no grade. */
export function ratingsFrom(copy: Copy, categories: readonly number[], { codes, readers, scans }: Selection): Ratings {
  const width = readers.length
  const out = new Int8Array(scans.length * width)
  readers.forEach((r, column) => {
    const own = codes[r]!
    for (let i = 0; i < scans.length; i += 1) {
      const code = own[scans[i]!]!
      out[i * width + column] = code < 0 ? MISSING : code
    }
  })
  return {
    // Names of scans take no part in a statistic; only their number does.
    subjects: new Array<string>(scans.length).fill(''),
    raters: readers.map((r) => copy.readers[r]!.letter),
    categories,
    codes: out,
    clusters: patientsOf(copy, scans),
  }
}

/** For each of the scans its patient. */
export const patientsOf = (copy: Copy, scans: Int32Array): Int32Array => scans.map((scan) => copy.patient[scan]!)
