import { tabulate } from '../domain/agreement/table.ts'
import { type ConsensusRule, dawidSkeneLabels } from '../domain/consensus/report.ts'
import type { VoteRule } from '../domain/consensus/rules.ts'
import type { Scale } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import type { KnownPatterns, Pattern } from './known-patterns.ts'
import { NONE } from './question.ts'
import { ratingsFrom, type Selection } from './selection.ts'

/**
 * The different sets of votes that scans have, "cannot be graded" included, whoever cast them: a rule looks at each once,
 * however many scans and readers there are.
 */
export interface Patterns {
  /** For each scan of the selection its pattern. */
  of: Int32Array
  /** Sorted by their votes, "cannot be graded" first: whichever scan stands first, they stand in the same order. */
  votes: Pattern[]
  /** How many scans have it. */
  counts: Int32Array
}

/** `sums`: the numbers of each scan's votes (packed.ts). */
export function patternsOf(sums: readonly Int32Array[], known: KnownPatterns): Patterns {
  return sorted(known.numbered(sums), known.order(), known.patterns)
}

/** The patterns of some of the scans: `places` in `of`. */
export function patternsAt({ of, votes }: Patterns, places: Int32Array): Patterns {
  const some = new Int32Array(places.length)
  for (let i = 0; i < some.length; i += 1) some[i] = of[places[i]!]!
  return sorted(
    some,
    Int32Array.from(votes, (_, pattern) => pattern),
    votes,
  )
}

/** Keeps of all patterns, which stand in the given order, those that a scan has (`of`, which is written anew). */
function sorted(of: Int32Array, order: Int32Array, all: readonly Pattern[]): Patterns {
  const times = new Int32Array(all.length)
  for (let i = 0; i < of.length; i += 1) times[of[i]!]! += 1
  const there = order.filter((pattern) => times[pattern]! > 0)
  const place = new Int32Array(all.length)
  for (let at = 0; at < there.length; at += 1) place[there[at]!] = at
  for (let i = 0; i < of.length; i += 1) of[i] = place[of[i]!]!
  return { of, votes: Array.from(there, (pattern) => all[pattern]!), counts: there.map((pattern) => times[pattern]!) }
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
  const byPattern = Int8Array.from(patterns.votes, ({ labels }) => labels[rule === 'dawid-skene' ? 'median' : rule])
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

/** How many scans of the selection have each label by a rule; the first number is of those without any. */
export function labelCounts(
  rule: VoteRule,
  { settled }: Copy,
  { place }: Selection,
  { of, votes, counts }: Patterns,
  { categories }: Scale,
): Int32Array {
  const labels = new Int32Array(categories.length + 1)
  votes.forEach((pattern, at) => (labels[pattern.labels[rule] + 1]! += counts[at]!))
  for (const [scan, grade] of settled) {
    const i = place[scan] ?? -1
    if (i < 0) continue
    labels[votes[of[i]!]!.labels[rule] + 1]! -= 1
    labels[categories.indexOf(grade) + 1]! += 1
  }
  return labels
}
