import { tabulate } from '../domain/agreement/table.ts'
import { type Dispute, disputeOfCounts } from '../domain/consensus/dispute.ts'
import { consensusOfCounts } from '../domain/consensus/scan.ts'
import { type ConsensusRule, dawidSkeneLabels } from '../domain/consensus/report.ts'
import type { Scale } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import { NONE } from './question.ts'
import { ratingsFrom, type Selection } from './selection.ts'

/**
 * The different sets of votes that scans have, "cannot be graded" included, whoever cast them: a rule looks at each once,
 * however many scans and readers there are.
 */
export interface Patterns {
  /** For each scan of the selection its pattern. */
  of: Int32Array
  /** Of each pattern the votes on each grade, and those that say "cannot be graded". Sorted by these, the latter first. */
  votes: { grades: number[]; cannot: number }[]
  /** How many scans have it. */
  counts: number[]
}

export function patternsOf({ scans, start, end, code }: Selection, categories: readonly number[]): Patterns {
  const kinds = categories.length + 1 // of votes: "cannot be graded" and the grades
  const tally = new Uint16Array(kinds)
  // The patterns met, side by side, and where each stands: open addressing, with twice the places that can be needed.
  const met = new Uint16Array(scans.length * kinds)
  const times: number[] = []
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(scans.length + 1) + 1))
  const of = new Int32Array(scans.length)
  for (let i = 0; i < scans.length; i += 1) {
    for (let kind = 0; kind < kinds; kind += 1) tally[kind] = 0
    for (let at = start[i]!; at < end[i]!; at += 1) tally[code[at]! < 0 ? 0 : code[at]! + 1]! += 1
    let slot = 0
    for (let kind = 0; kind < kinds; kind += 1) slot = Math.imul(slot ^ tally[kind]!, 0x9e3779b1)
    for (slot = (slot ^ (slot >>> 15)) & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const pattern = slots[slot]! - 1
      if (pattern < 0) {
        met.set(tally, times.length * kinds)
        of[i] = times.length
        slots[slot] = times.push(1)
        break
      }
      let kind = 0
      while (kind < kinds && met[pattern * kinds + kind] === tally[kind]) kind += 1
      if (kind < kinds) continue
      of[i] = pattern
      times[pattern]! += 1
      break
    }
  }
  // Whichever scan stands first, the patterns stand in the same order.
  const order = times.map((_, pattern) => pattern).sort((a, b) => compared(met, a * kinds, b * kinds, kinds))
  const place = new Int32Array(order.length)
  order.forEach((pattern, at) => (place[pattern] = at))
  for (let i = 0; i < of.length; i += 1) of[i] = place[of[i]!]!
  const votes = order.map((pattern) => {
    const [cannot, ...grades] = met.subarray(pattern * kinds, (pattern + 1) * kinds)
    return { grades, cannot: cannot! }
  })
  return { of, votes, counts: order.map((pattern) => times[pattern]!) }
}

/** The patterns of some of the scans: `places` in `of`. */
export function patternsAt({ of, votes }: Patterns, places: Int32Array): Patterns {
  const times = new Int32Array(votes.length)
  for (let i = 0; i < places.length; i += 1) times[of[places[i]!]!]! += 1
  const left = votes.map((_, pattern) => pattern).filter((pattern) => times[pattern]! > 0)
  const place = new Int32Array(votes.length)
  left.forEach((pattern, at) => (place[pattern] = at))
  return {
    of: places.map((i) => place[of[i]!]!),
    votes: left.map((pattern) => votes[pattern]!),
    counts: left.map((pattern) => times[pattern]!),
  }
}

function compared(numbers: Uint16Array, a: number, b: number, length: number): number {
  for (let at = 0; at < length; at += 1) {
    const difference = numbers[a + at]! - numbers[b + at]!
    if (difference !== 0) return difference
  }
  return 0
}

export interface Disputed extends Dispute {
  /** Not all said the same; "cannot be graded" beside a grade is a difference too. */
  differs: boolean
  /** The rounded mean and the majority of the re-scan decision part ways. */
  conflict: boolean
  /** More than half said the same. */
  majority: boolean
}

export function disputesOf({ votes }: Patterns, scale: Scale): Disputed[] {
  return votes.map((own) => {
    const { label, conflict } = consensusOfCounts(own, 'majority', scale)
    const said = own.grades.filter((count) => count > 0).length + Number(own.cannot > 0)
    return {
      ...disputeOfCounts(own.grades, scale),
      ...{ differs: said > 1, conflict: conflict !== null, majority: label !== null },
    }
  })
}

/**
 * For each scan of the selection the label a rule gives, as a place in the scale, or NONE. The lead's own grade takes the
 * rule's place, as in a label set; and where more than half say that a scan cannot be graded no rule gives a label.
 */
export function* labelsBy(
  rule: ConsensusRule,
  copy: Copy,
  selection: Selection,
  patterns: Patterns,
  scale: Scale,
): Generator<undefined, Int8Array> {
  const place = (grade: number | null): number => (grade === null ? NONE : scale.categories.indexOf(grade))
  const byPattern = Int8Array.from(patterns.votes, (votes) =>
    place(consensusOfCounts(votes, rule === 'dawid-skene' ? 'median' : rule, scale).label),
  )
  const labels = new Int8Array(patterns.of.length)
  for (let i = 0; i < labels.length; i += 1) labels[i] = byPattern[patterns.of[i]!]!
  if (rule === 'dawid-skene') {
    // It alone asks who cast which vote.
    const table = tabulate(ratingsFrom(copy, scale.categories, selection))
    const ofRow = yield* dawidSkeneLabels(table)
    for (let i = 0; i < labels.length; i += 1) if (labels[i] !== NONE) labels[i] = place(ofRow[table.rowOf[i]!]!)
  }
  for (const [scan, settled] of copy.settled) {
    const i = selection.place[scan] ?? -1
    if (i >= 0) labels[i] = place(settled)
  }
  return labels
}
