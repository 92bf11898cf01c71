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
}

export function select(copy: Copy, filter: VoteFilter): Selection {
  const site = filter.site === undefined ? null : copy.siteNames.indexOf(filter.site)
  const from = filter.from === undefined ? -Infinity : Date.parse(filter.from) / DAY
  const to = filter.to === undefined ? Infinity : Date.parse(filter.to) / DAY
  const codes = copy.readers.map(({ letter, votes: { code, day } }) => {
    const passed = new Int8Array(copy.scans)
    if (filter.readers && !filter.readers.includes(letter)) return passed.fill(NONE)
    passed.set(code.subarray(0, copy.scans))
    for (let s = 0; s < passed.length; s += 1)
      if (day[s]! < from || day[s]! > to || (site !== null && copy.site[s] !== site)) passed[s] = NONE
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
  const readers = codes.map((_, r) => r).filter((r) => codes[r]!.some((code) => code !== NONE))
  const size = codes[0]?.length ?? 0
  const scans = new Int32Array(size)
  let n = 0
  for (let s = 0; s < size; s += 1) {
    for (const r of readers) {
      if (codes[r]![s] === NONE) continue
      scans[n] = s
      n += 1
      break
    }
  }
  return { codes, readers, scans: scans.slice(0, n) }
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
  const clusters = new Int32Array(scans.length)
  for (let i = 0; i < scans.length; i += 1) clusters[i] = copy.patient[scans[i]!]!
  return {
    // Names of scans take no part in a statistic; only their number does.
    subjects: new Array<string>(scans.length).fill(''),
    raters: readers.map((r) => copy.readers[r]!.letter),
    categories,
    codes: out,
    clusters,
  }
}
