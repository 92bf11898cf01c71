import { drift, repeatConsistency } from '../domain/agreement/over-time.ts'
import type { Copy, OwnVotes } from './copy.ts'
import { CANNOT, NONE, type ReaderAnswer, type StudyAsked } from './question.ts'
import type { Selection, VotesByScan } from './selection.ts'

const DAY = 86_400_000
const PARTS = 10

/** Each reader's own figures: days, grades, consistency with themselves, drift against the others. */
export function readersOf(copy: Copy, { codes, byScan }: Selection, study: StudyAsked): ReaderAnswer[] {
  const whole = sumsOf(byScan, study.categories)
  return copy.readers.map(({ letter, votes, cast, total }, r) => {
    const own = votesOf(codes[r]!)
    const differences = differencesOf(codes[r]!, own, votes.place, whole, study.categories)
    return {
      letter,
      cast,
      total,
      byDay: byDay(own, votes.day),
      distribution: distribution(codes[r]!, own, study.categories),
      repeats: repeatConsistency(pairsOf(codes[r]!, votes, study.categories), study.categories, study.rescanFrom),
      drift: drift(differences),
      driftParts: partsOf(differences),
    }
  })
}

/** The scans with a vote, "cannot be graded" included, ascending. */
function votesOf(codes: Int8Array): Int32Array {
  const scans = new Int32Array(codes.length)
  let n = 0
  for (let s = 0; s < codes.length; s += 1) {
    if (codes[s] === NONE) continue
    scans[n] = s
    n += 1
  }
  return scans.subarray(0, n)
}

function byDay(scans: Int32Array, days: Uint16Array): ReaderAnswer['byDay'] {
  let first = Infinity
  let last = -Infinity
  for (let i = 0; i < scans.length; i += 1) {
    const day = days[scans[i]!]!
    if (day < first) first = day
    if (day > last) last = day
  }
  if (last < first) return []
  const counts = new Int32Array(last - first + 1)
  for (let i = 0; i < scans.length; i += 1) counts[days[scans[i]!]! - first]! += 1
  return Array.from(counts, (count, i) => ({
    day: new Date((first + i) * DAY).toISOString().slice(0, 10),
    count,
  })).filter(({ count }) => count > 0)
}

function distribution(
  codes: Int8Array,
  scans: Int32Array,
  categories: readonly number[],
): ReaderAnswer['distribution'] {
  const counts = new Int32Array(categories.length)
  let cannot = 0
  for (let i = 0; i < scans.length; i += 1) {
    const code = codes[scans[i]!]!
    if (code >= 0) counts[code]! += 1
    else if (code === CANNOT) cannot += 1
  }
  return [...categories.map((grade, code) => ({ grade, count: counts[code]! })), { grade: null, count: cannot }]
}

/** Own first and second grade of the scans that were shown twice, where both are grades. */
function pairsOf(codes: Int8Array, votes: OwnVotes, categories: readonly number[]): [number, number][] {
  return [...votes.repeats].flatMap(([s, { code }]): [number, number][] =>
    codes[s]! >= 0 && code >= 0 ? [[categories[codes[s]!]!, categories[code]!]] : [],
  )
}

/** Of each scan the sum of all its grades and their number. */
type Sums = { sum: Float64Array; n: Int32Array }

function sumsOf({ start, code }: VotesByScan, categories: readonly number[]): Sums {
  const scans = start.length - 1
  const sums = { sum: new Float64Array(scans), n: new Int32Array(scans) }
  for (let s = 0; s < scans; s += 1)
    for (let at = start[s]!; at < start[s + 1]!; at += 1) {
      if (code[at]! < 0) continue
      sums.sum[s]! += categories[code[at]!]!
      sums.n[s]! += 1
    }
  return sums
}

/**
 * The reader's grade less the mean of the others' grades, of each scan that somebody else graded too, in the order of the
 * reader's own queue (`place`).
 */
function differencesOf(
  codes: Int8Array,
  scans: Int32Array,
  place: Int32Array,
  whole: Sums,
  categories: readonly number[],
): Float64Array {
  let last = -1
  for (let i = 0; i < scans.length; i += 1) if (place[scans[i]!]! > last) last = place[scans[i]!]!
  const differences = new Float64Array(last + 1).fill(NaN)
  for (let i = 0; i < scans.length; i += 1) {
    const s = scans[i]!
    const others = whole.n[s]! - 1
    if (codes[s]! < 0 || others === 0) continue
    const own = categories[codes[s]!]!
    differences[place[s]!] = own - (whole.sum[s]! - own) / others
  }
  let n = 0
  for (let at = 0; at <= last; at += 1) {
    if (Number.isNaN(differences[at]!)) continue
    differences[n] = differences[at]!
    n += 1
  }
  return differences.subarray(0, n)
}

/** The differences in ten parts of the reader's own order (fewer where there are fewer than ten). */
function partsOf(differences: Float64Array): ReaderAnswer['driftParts'] {
  const n = differences.length
  const parts = Math.min(PARTS, n)
  return Array.from({ length: parts }, (_, part) => {
    const own = differences.slice(Math.floor((part * n) / parts), Math.floor(((part + 1) * n) / parts))
    return { part: part + 1, mean: own.reduce((sum, value) => sum + value, 0) / own.length, n: own.length }
  })
}
