import { tabulate } from '../domain/agreement/table.ts'
import { type Dispute, disputeOfCounts } from '../domain/consensus/dispute.ts'
import { consensusOfCounts } from '../domain/consensus/scan.ts'
import { type ConsensusRule, dawidSkeneLabels } from '../domain/consensus/report.ts'
import type { Scale } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import { CANNOT, NONE } from './question.ts'
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

export function patternsOf(selection: Selection, categories: readonly number[]): Patterns {
  const { readers, scans, start, end, code } = selection
  const kinds = categories.length + 1 // of votes: "cannot be graded" and the grades
  // As many kinds are counted in one number as have room in it: all of them where sixty readers have five grades.
  const bits = 32 - Math.clz32(readers.length)
  const each = Math.floor(30 / bits)
  const of = new Int32Array(scans.length)
  let found: number[] = []
  for (let first = 0; first < kinds; first += each) {
    const worth = new Int32Array(categories.length - CANNOT) // by the code, from CANNOT on
    for (let kind = first; kind < Math.min(kinds, first + each); kind += 1)
      worth[kind === 0 ? 0 : kind - 1 - CANNOT] = 1 << (bits * (kind - first))
    found = toldApart(of, selection, worth)
  }
  const votes = found.map((i) => {
    const own = { grades: categories.map(() => 0), cannot: 0 }
    for (const one of code.subarray(start[i], end[i]))
      if (one === CANNOT) own.cannot += 1
      else own.grades[one]! += 1
    return own
  })
  // Whichever scan stands first, the patterns stand in the same order.
  const order = votes.map((_, pattern) => pattern).sort((a, b) => compared(votes[a]!, votes[b]!))
  const place = new Int32Array(order.length)
  order.forEach((pattern, at) => (place[pattern] = at))
  const counts = new Int32Array(order.length)
  for (let i = 0; i < of.length; i += 1) {
    of[i] = place[of[i]!]!
    counts[of[i]!]! += 1
  }
  return { of, votes: order.map((pattern) => votes[pattern]!), counts: [...counts] }
}

/**
 * Numbers the scans anew: those stay alike that were alike (`of`) and whose votes are worth the same in sum. Returns one scan of
 * each number. Open addressing, with twice the places that can be needed.
 */
function toldApart(of: Int32Array, { scans, start, end, code }: Selection, worth: Int32Array): number[] {
  const found: number[] = []
  const sums = new Int32Array(scans.length)
  const before = new Int32Array(scans.length)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(scans.length + 1) + 1))
  for (let i = 0; i < scans.length; i += 1) {
    let sum = 0
    for (let at = start[i]!, last = end[i]!; at < last; at += 1) sum += worth[code[at]! - CANNOT]!
    let slot = Math.imul(sum ^ Math.imul(of[i]!, 0x85ebca6b), 0x9e3779b1)
    slot = (slot ^ (slot >>> 15)) & (slots.length - 1)
    let number = slots[slot]! - 1
    while (number >= 0 && (sums[number] !== sum || before[number] !== of[i])) {
      slot = (slot + 1) & (slots.length - 1)
      number = slots[slot]! - 1
    }
    if (number < 0) {
      number = found.push(i) - 1
      sums[number] = sum
      before[number] = of[i]!
      slots[slot] = found.length
    }
    of[i] = number
  }
  return found
}

type Votes = Patterns['votes'][number]

function compared(a: Votes, b: Votes): number {
  let difference = a.cannot - b.cannot
  for (let code = 0; difference === 0 && code < a.grades.length; code += 1)
    difference = a.grades[code]! - b.grades[code]!
  return difference
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
