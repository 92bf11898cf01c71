import type { Whole } from './chosen.ts'
import type { Copy } from './copy.ts'
import type { Packed } from './packed.ts'
import { NONE } from './question.ts'

/** One reader's votes in the order of the own queue: an element a vote. */
export interface Queue {
  scan: Int32Array
  code: Int8Array
  day: Uint16Array
  /** No day stands after a later one. */
  ascending: boolean
  /** Codes of the votes on scans that were shown a second time, by the scan. */
  again: Map<number, number>
}

/**
 * The votes of a copy without the places where nobody voted, twice: by scan, for figures of agreement, and by reader, for
 * figures over time. Of thirty readers ten see a scan, and a pass over what is there takes a third of the time.
 */
export interface Columns {
  /** The copy's version that they are of. */
  version: number
  /** The votes of scan s stand from `start[s]` to `start[s + 1]`, in the order of their days: those of some days are neighbours. */
  start: Int32Array
  reader: Uint16Array
  code: Int8Array
  day: Uint16Array
  queues: Queue[]
  /** The first day with a vote, and how many there are until the last. */
  days: { first: number; count: number }
  /** The scans in the order of their patients. */
  byPatient: Int32Array
  /** Sums of votes up to each; made when they are asked for (packed.ts). */
  packed: Packed | null
  /** All of them as chosen by no filter; made when it is asked for (chosen.ts). */
  whole: Whole | null
}

/** Made once for all filters, and anew when something changed. */
export function columnsOf(copy: Copy): Columns {
  if (copy.columns?.version !== copy.version) copy.columns = made(copy)
  return copy.columns
}

function made(copy: Copy): Columns {
  const size = copy.scans
  const start = new Int32Array(size + 1)
  for (const { votes } of copy.readers) for (let s = 0; s < size; s += 1) if (votes.code[s] !== NONE) start[s + 1]! += 1
  for (let s = 0; s < size; s += 1) start[s + 1]! += start[s]!
  const votes = start[size]!
  const reader = new Uint16Array(votes)
  const code = new Int8Array(votes)
  const day = new Uint16Array(votes)
  const next = start.slice()
  copy.readers.forEach(({ votes: own }, r) => {
    for (let s = 0; s < size; s += 1) {
      if (own.code[s] === NONE) continue
      const at = next[s]!
      next[s] = at + 1
      reader[at] = r
      code[at] = own.code[s]!
      day[at] = own.day[s]!
    }
  })
  for (let s = 0; s < size; s += 1) inOrderOfDays(start[s]!, start[s + 1]!, { reader, code, day })
  const queues = copy.readers.map((_, r) => queueOf(copy, r))
  const common = { version: copy.version, start, reader, code, day, queues, days: daysOf(day) }
  return { ...common, byPatient: byPatient(copy), packed: null, whole: null }
}

function daysOf(day: Uint16Array): Columns['days'] {
  let [first, last] = [0xffff, 0]
  for (let at = 0; at < day.length; at += 1) {
    if (day[at]! < first) first = day[at]!
    if (day[at]! > last) last = day[at]!
  }
  return { first, count: Math.max(0, last - first + 1) }
}

/** Sorts one scan's few votes where they stand; those of one day stay in the order of the readers. */
function inOrderOfDays(first: number, end: number, { reader, code, day }: Pick<Columns, 'reader' | 'code' | 'day'>) {
  for (let next = first + 1; next < end; next += 1) {
    const date = day[next]!
    if (date >= day[next - 1]!) continue
    const whose = reader[next]!
    const grade = code[next]!
    let at = next
    for (; at > first && day[at - 1]! > date; at -= 1) {
      day[at] = day[at - 1]!
      reader[at] = reader[at - 1]!
      code[at] = code[at - 1]!
    }
    day[at] = date
    reader[at] = whose
    code[at] = grade
  }
}

function queueOf({ scans, readers }: Copy, reader: number): Queue {
  const { code, day, place, repeats } = readers[reader]!.votes
  let last = -1
  for (let s = 0; s < scans; s += 1) if (code[s] !== NONE && place[s]! > last) last = place[s]!
  // A place is one scan's alone (`assignment_place`).
  const at = new Int32Array(last + 1).fill(-1)
  for (let s = 0; s < scans; s += 1) if (code[s] !== NONE) at[place[s]!] = s
  let n = 0
  for (let p = 0; p <= last; p += 1) if (at[p]! >= 0) at[n++] = at[p]!
  const queue = { scan: at.slice(0, n), code: new Int8Array(n), day: new Uint16Array(n) }
  let ascending = true
  for (let i = 0; i < n; i += 1) {
    const s = queue.scan[i]!
    queue.code[i] = code[s]!
    queue.day[i] = day[s]!
    if (i > 0 && queue.day[i]! < queue.day[i - 1]!) ascending = false
  }
  return { ...queue, ascending, again: new Map([...repeats].map(([s, second]) => [s, second.code])) }
}

/** A counting sort: equal patients stay in the order of the scans. */
function byPatient({ scans, patient, patientOf }: Copy): Int32Array {
  const next = new Int32Array(patientOf.size + 1)
  for (let s = 0; s < scans; s += 1) next[patient[s]! + 1]! += 1
  for (let p = 0; p < patientOf.size; p += 1) next[p + 1]! += next[p]!
  const order = new Int32Array(scans)
  for (let s = 0; s < scans; s += 1) {
    const at = next[patient[s]!]!
    next[patient[s]!] = at + 1
    order[at] = s
  }
  return order
}
