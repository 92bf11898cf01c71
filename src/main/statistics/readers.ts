import type { RaterVotes } from '../domain/agreement/confusion.ts'
import { drift, repeatConsistency } from '../domain/agreement/over-time.ts'
import type { Queue } from './columns.ts'
import type { Copy } from './copy.ts'
import type { Patterns } from './patterns.ts'
import { CANNOT, type ReaderAnswer, type StudyAsked } from './question.ts'
import type { Selection } from './selection.ts'

const DAY = 86_400_000
const PARTS = 10
/** Instead of a difference where nobody else graded the scan, or the vote is no grade. */
const ALONE = Infinity

/** Each reader's own figures: days, grades, consistency with themselves, drift against the others. A step a reader. */
export function* readersOf(
  copy: Copy,
  selection: Selection,
  patterns: Patterns,
  { own }: RaterVotes,
  study: StudyAsked,
): Generator<void, ReaderAnswer[]> {
  const { categories, rescanFrom } = study
  const q = categories.length
  // For each scan of the copy its pattern, or -1.
  const patternOf = selection.place.map((i) => (i < 0 ? -1 : patterns.of[i]!))
  const gaps = gapsOf(patterns, categories)
  const dayText = daysAsText()
  const answers: ReaderAnswer[] = []
  for (const [r, queue] of selection.columns.queues.entries()) {
    const { letter, cast, total } = copy.readers[r]!
    const { byDay, differences } = overTime(queue, r, selection, patternOf, gaps, q)
    const votes = byDay.reduce((sum, { count }) => sum + count, 0)
    const column = selection.column[r]!
    const grades = categories.map((grade, code) => ({ grade, count: column < 0 ? 0 : own[column * q + code]! }))
    answers.push({
      ...{ letter, cast, total },
      byDay: byDay.map(({ day, count }) => ({ day: dayText(day), count })),
      distribution: [...grades, { grade: null, count: votes - grades.reduce((sum, { count }) => sum + count, 0) }],
      repeats: repeatConsistency(pairsOf(queue, r, selection, categories), categories, rescanFrom),
      drift: drift(differences),
      driftParts: partsOf(differences),
    })
    yield
  }
  return answers
}

/**
 * Of the reader's votes that pass, in the order of the queue: how many on each day, and the own grade less the mean of the
 * others', of each scan that somebody else graded too.
 */
function overTime(
  { scan, code, day }: Queue,
  reader: number,
  { passing }: Selection,
  patternOf: Int32Array,
  gaps: Float64Array,
  q: number,
) {
  const counts = new Map<number, number>()
  const differences = new Float64Array(scan.length)
  const { from, to } = passing
  const length = passing.reader[reader] === 1 ? scan.length : 0
  let n = 0
  // Votes of one day mostly follow one another.
  let today = -1
  let count = 0
  for (let at = 0; at < length; at += 1) {
    const pattern = patternOf[scan[at]!]!
    const own = day[at]!
    if (pattern < 0 || own < from || own > to) continue
    if (own !== today) {
      if (count > 0) counts.set(today, (counts.get(today) ?? 0) + count)
      today = own
      count = 0
    }
    count += 1
    const gap = gaps[pattern * (q + 2) + code[at]! - CANNOT]!
    if (gap === ALONE) continue
    differences[n] = gap
    n += 1
  }
  if (count > 0) counts.set(today, (counts.get(today) ?? 0) + count)
  const byDay = [...counts].sort(([a], [b]) => a - b).map(([day, count]) => ({ day, count }))
  return { byDay, differences: differences.subarray(0, n) }
}

/** Readers vote on the same days: each is written once. */
function daysAsText(): (day: number) => string {
  const known = new Map<number, string>()
  return (day) => {
    let text = known.get(day)
    if (text === undefined) known.set(day, (text = new Date(day * DAY).toISOString().slice(0, 10)))
    return text
  }
}

/** Own first and second grade of the scans that were shown twice, where both are grades. */
function pairsOf(
  { scan, code, day, again }: Queue,
  reader: number,
  { place, passing }: Selection,
  categories: readonly number[],
): [number, number][] {
  const pairs: [number, number][] = []
  if (again.size === 0 || passing.reader[reader] === 0) return pairs
  for (let at = 0; at < scan.length; at += 1) {
    if (code[at]! < 0 || place[scan[at]!]! < 0 || day[at]! < passing.from || day[at]! > passing.to) continue
    const second = again.get(scan[at]!) ?? CANNOT
    if (second >= 0) pairs.push([categories[code[at]!]!, categories[second]!])
  }
  return pairs
}

/**
 * For each pattern of votes and each vote in it (patterns x codes from CANNOT on): that grade less the mean of the others, ALONE
 * where it is no grade or there are no others.
 */
function gapsOf({ votes }: Patterns, categories: readonly number[]): Float64Array {
  const width = categories.length - CANNOT
  const gaps = new Float64Array(votes.length * width).fill(ALONE)
  votes.forEach(({ grades }, pattern) => {
    const others = grades.reduce((sum, count) => sum + count, 0) - 1
    const sum = grades.reduce((all, count, code) => all + count * categories[code]!, 0)
    if (others > 0)
      categories.forEach((own, code) => (gaps[pattern * width + code - CANNOT] = own - (sum - own) / others))
  })
  return gaps
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
