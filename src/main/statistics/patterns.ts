import { tabulate } from '../domain/agreement/table.ts'
import { type Dispute, disputeOf } from '../domain/consensus/dispute.ts'
import { consensusOfScan, type ScanVote } from '../domain/consensus/scan.ts'
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
  /** The votes of each pattern that are there, "cannot be graded" first, then by grade. */
  votes: ScanVote[][]
  /** How many scans have it. */
  counts: number[]
}

export function patternsOf({ byScan, readers, scans }: Selection, categories: readonly number[]): Patterns {
  const { start, code } = byScan
  const kinds = categories.length + 1 // of votes: "cannot be graded" and the grades
  const base = readers.length + 1
  const worth = Array.from({ length: kinds }, (_, kind) => base ** (kinds - 1 - kind))
  const exact = base ** kinds <= Number.MAX_SAFE_INTEGER
  const tally = new Uint16Array(kinds)
  const tallied = (scan: number): Uint16Array => {
    tally.fill(0)
    for (let at = start[scan]!; at < start[scan + 1]!; at += 1) tally[kindOf(code[at]!)]! += 1
    return tally
  }
  const keyOf = (scan: number): number | string => {
    if (!exact) return String.fromCharCode(...tallied(scan))
    let key = 0
    for (let at = start[scan]!; at < start[scan + 1]!; at += 1) key += worth[kindOf(code[at]!)]!
    return key
  }
  const known = new Map<number | string, number>()
  const found: { key: number | string; votes: ScanVote[]; count: number }[] = []
  const of = new Int32Array(scans.length)
  for (let i = 0; i < scans.length; i += 1) {
    const scan = scans[i]!
    const key = keyOf(scan)
    let pattern = known.get(key)
    if (pattern === undefined) {
      const votes = Array.from(tallied(scan), (times, kind) =>
        new Array<ScanVote>(times).fill(kind === 0 ? 'cannot' : categories[kind - 1]!),
      ).flat()
      known.set(key, (pattern = found.push({ key, votes, count: 0 }) - 1))
    }
    of[i] = pattern
    found[pattern]!.count += 1
  }
  // Whichever scan stands first, the patterns stand in the same order.
  const order = found.map((_, i) => i).sort((a, b) => (found[a]!.key < found[b]!.key ? -1 : 1))
  const place = new Int32Array(order.length)
  order.forEach((pattern, at) => (place[pattern] = at))
  for (let i = 0; i < of.length; i += 1) of[i] = place[of[i]!]!
  return { of, votes: order.map((i) => found[i]!.votes), counts: order.map((i) => found[i]!.count) }
}

const kindOf = (code: number): number => (code === CANNOT ? 0 : code + 1)

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
    const { label, conflict } = consensusOfScan(own, 'majority', scale)
    const differs = new Set(own).size > 1
    return { ...disputeOf(own, scale), differs, conflict: conflict !== null, majority: label !== null }
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
  const byPattern = patterns.votes.map((votes) =>
    place(consensusOfScan(votes, rule === 'dawid-skene' ? 'median' : rule, scale).label),
  )
  const labels = new Int8Array(patterns.of.length)
  for (let i = 0; i < labels.length; i += 1) labels[i] = byPattern[patterns.of[i]!]!
  if (rule === 'dawid-skene') {
    // It alone asks who cast which vote.
    const table = tabulate(ratingsFrom(copy, scale.categories, selection))
    const ofRow = yield* dawidSkeneLabels(table)
    for (let i = 0; i < labels.length; i += 1) if (labels[i] !== NONE) labels[i] = place(ofRow[table.rowOf[i]!]!)
  }
  if (copy.settled.size === 0) return labels
  selection.scans.forEach((scan, i) => {
    const settled = copy.settled.get(scan)
    if (settled !== undefined) labels[i] = place(settled)
  })
  return labels
}
