import type { RaterVotes } from '../domain/agreement/confusion.ts'
import { drift, repeatConsistency } from '../domain/agreement/over-time.ts'
import type { Columns, Queue } from './columns.ts'
import type { Copy } from './copy.ts'
import type { Patterns } from './patterns.ts'
import { CANNOT, type ReaderAnswer, type StudyAsked } from './question.ts'
import type { Selection } from './selection.ts'

const DAY = 86_400_000
const PARTS = 10
/** Grades of a scan are fewer than 2 ** BITS, and whole numbers below a hundred: their sum has room above their number. */
const BITS = 12
const MOST = (1 << BITS) - 1

/** Each reader's own figures: days, grades, consistency with themselves, drift against the others. A step a reader. */
export function* readersOf(
  copy: Copy,
  selection: Selection,
  patterns: Patterns,
  { own }: RaterVotes,
  study: StudyAsked,
): Generator<void, { days: string[]; readers: ReaderAnswer[] }> {
  const { categories, rescanFrom } = study
  const { queues, days } = selection.columns
  const gradesOf = sumsOf(selection, patterns)
  // One room for all: a fresh one a reader costs more than what is written there.
  const room = new Float64Array(1 + Math.max(0, ...queues.map(({ scan }) => scan.length)))
  const answers: Omit<ReaderAnswer, 'byDay'>[] = []
  const byDay: Int32Array[] = []
  for (const [r, whole] of queues.entries()) {
    const { letter, cast, total } = copy.readers[r]!
    const queue = passingOf(whole, r, selection)
    const { counts, differences } = overTime(queue, days, gradesOf, categories, room)
    const votes = counts.reduce((sum, count) => sum + count, 0)
    byDay.push(counts)
    const column = selection.column[r]!
    const grades = categories.map((grade, code) => ({
      grade,
      count: column < 0 ? 0 : own[column * categories.length + code]!,
    }))
    answers.push({
      ...{ letter, cast, total },
      distribution: [...grades, { grade: null, count: votes - grades.reduce((sum, { count }) => sum + count, 0) }],
      repeats: repeatConsistency(pairsOf(queue, selection, categories), categories, rescanFrom),
      drift: drift(differences),
      driftParts: partsOf(differences),
    })
    yield
  }
  const there = Array.from({ length: days.count }, (_, day) => day).filter((day) =>
    byDay.some((counts) => counts[day]! > 0),
  )
  return {
    days: there.map((day) => new Date((days.first + day) * DAY).toISOString().slice(0, 10)),
    readers: answers.map((one, r) => ({ ...one, byDay: there.map((day) => byDay[r]![day]!) })),
  }
}

/** The reader's votes on the days that pass, in the order of the queue, which mostly is that of the days. */
function passingOf({ scan, code, day, ascending, again }: Queue, reader: number, { passing }: Selection): Queue {
  const { from, to } = passing
  if (passing.reader[reader] === 0) return { scan: scan.subarray(0, 0), code, day, ascending, again }
  if (ascending) {
    const first = firstFrom(day, from)
    const end = firstFrom(day, to + 1)
    return {
      ...{ scan: scan.subarray(first, end), code: code.subarray(first, end), day: day.subarray(first, end) },
      ...{ ascending, again },
    }
  }
  const passes = (_: number, at: number): boolean => day[at]! >= from && day[at]! <= to
  return { scan: scan.filter(passes), code: code.filter(passes), day: day.filter(passes), ascending, again }
}

/** Where the first of ascending days stands that is this or later. */
function firstFrom(days: Uint16Array, day: number): number {
  let [low, high] = [0, days.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (days[middle]! < day) low = middle + 1
    else high = middle
  }
  return low
}

/** For each scan of the copy the sum of its grades, times 2 ** BITS, and their number; -1 where no vote passes. */
function sumsOf({ scans, place }: Selection, { of, votes }: Patterns): Int32Array {
  const byPattern = Int32Array.from(votes, ({ sum, graded }) => (sum << BITS) + graded)
  const sums = new Int32Array(place.length).fill(-1)
  for (let i = 0; i < scans.length; i += 1) sums[scans[i]!] = byPattern[of[i]!]!
  return sums
}

/**
 * Of the reader's votes on scans that pass, in the order of the queue: how many on each of the days, and the own grade less the
 * mean of the others', of each scan that somebody else graded too. Nothing is asked of a vote on the way: which of them pass is
 * as good as random, and processors guess.
 */
function overTime(
  { scan, code, day }: Queue,
  days: Columns['days'],
  gradesOf: Int32Array,
  categories: readonly number[],
  room: Float64Array,
) {
  const counts = new Int32Array(days.count)
  const gradeOf = Int32Array.from({ length: categories.length - CANNOT }, (_, at) => categories[at + CANNOT] ?? 0)
  let n = 0
  for (let at = 0; at < scan.length; at += 1) {
    const all = gradesOf[scan[at]!]!
    const there = 1 + (all >> 31) // 0 where it is below zero
    counts[day[at]! - days.first]! += there
    const own = gradeOf[code[at]! - CANNOT]!
    const others = (all & MOST) - 1
    // The next one takes its place if it is not to be there.
    room[n] = own - ((all >> BITS) - own) / others
    n += there & Number(code[at]! >= 0) & Number(others > 0)
  }
  return { counts, differences: room.subarray(0, n) }
}

/** Own first and second grade of the scans that were shown twice, where both are grades. */
function pairsOf(
  { scan, code, again }: Queue,
  { place }: Selection,
  categories: readonly number[],
): [number, number][] {
  const pairs: [number, number][] = []
  if (again.size === 0) return pairs
  for (let at = 0; at < scan.length; at += 1) {
    if (code[at]! < 0 || place[scan[at]!]! < 0) continue
    const second = again.get(scan[at]!) ?? CANNOT
    if (second >= 0) pairs.push([categories[code[at]!]!, categories[second]!])
  }
  return pairs
}

/** The differences in ten parts of the reader's own order (fewer where there are fewer than ten). */
function partsOf(differences: Float64Array): ReaderAnswer['driftParts'] {
  const parts = Math.min(PARTS, differences.length)
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.floor((part * differences.length) / parts)
    const end = Math.floor(((part + 1) * differences.length) / parts)
    let sum = 0
    for (let i = first; i < end; i += 1) sum += differences[i]!
    return { part: part + 1, mean: sum / (end - first), n: end - first }
  })
}
