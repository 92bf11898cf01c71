import type { RaterVotes } from '../domain/agreement/confusion.ts'
import { drift, repeatConsistency } from '../domain/agreement/over-time.ts'
import type { Queue } from './columns.ts'
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
  const { queues } = selection.columns
  const gradesOf = sumsOf(selection, patterns, categories)
  // One room for all: a fresh one a reader costs more than what is written there.
  const room = new Float64Array(Math.max(0, ...queues.map(({ scan }) => scan.length)))
  const answers: Omit<ReaderAnswer, 'byDay'>[] = []
  const byDay: Map<number, number>[] = []
  for (const [r, queue] of queues.entries()) {
    const { letter, cast, total } = copy.readers[r]!
    const { counts, differences } = overTime(queue, r, selection, gradesOf, categories, room)
    const votes = [...counts.values()].reduce((sum, count) => sum + count, 0)
    byDay.push(counts)
    const column = selection.column[r]!
    const grades = categories.map((grade, code) => ({
      grade,
      count: column < 0 ? 0 : own[column * categories.length + code]!,
    }))
    answers.push({
      ...{ letter, cast, total },
      distribution: [...grades, { grade: null, count: votes - grades.reduce((sum, { count }) => sum + count, 0) }],
      repeats: repeatConsistency(pairsOf(queue, r, selection, categories), categories, rescanFrom),
      drift: drift(differences),
      driftParts: partsOf(differences),
    })
    yield
  }
  const days = [...new Set(byDay.flatMap((counts) => [...counts.keys()]))].sort((a, b) => a - b)
  return {
    days: days.map((day) => new Date(day * DAY).toISOString().slice(0, 10)),
    readers: answers.map((one, r) => ({ ...one, byDay: days.map((day) => byDay[r]!.get(day) ?? 0) })),
  }
}

/** For each scan of the copy the sum of its grades, times 2 ** BITS, and their number; -1 where no vote passes. */
function sumsOf({ place }: Selection, { of, votes }: Patterns, categories: readonly number[]): Int32Array {
  const byPattern = Int32Array.from(votes, ({ grades }) =>
    grades.reduce((sums, count, code) => sums + count * ((categories[code]! << BITS) + 1), 0),
  )
  return place.map((i) => (i < 0 ? -1 : byPattern[of[i]!]!))
}

/**
 * Of the reader's votes that pass, in the order of the queue: how many on each day, and the own grade less the mean of the
 * others', of each scan that somebody else graded too.
 */
function overTime(
  { scan, code, day }: Queue,
  reader: number,
  { passing }: Selection,
  gradesOf: Int32Array,
  categories: readonly number[],
  room: Float64Array,
) {
  const counts = new Map<number, number>()
  const { from, to } = passing
  const length = passing.reader[reader] === 1 ? scan.length : 0
  let n = 0
  // Votes of one day mostly follow one another.
  let today = -1
  let count = 0
  for (let at = 0; at < length; at += 1) {
    const all = gradesOf[scan[at]!]!
    const date = day[at]!
    if (all < 0 || date < from || date > to) continue
    if (date !== today) {
      if (count > 0) counts.set(today, (counts.get(today) ?? 0) + count)
      today = date
      count = 0
    }
    count += 1
    const others = (all & MOST) - 1
    if (code[at]! < 0 || others < 1) continue
    const own = categories[code[at]!]!
    room[n] = own - ((all >> BITS) - own) / others
    n += 1
  }
  if (count > 0) counts.set(today, (counts.get(today) ?? 0) + count)
  return { counts, differences: room.subarray(0, n) }
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
