import { type Dispute, disputeOfCounts } from '../domain/consensus/dispute.ts'
import { consensusOfCounts } from '../domain/consensus/scan.ts'
import type { VoteRule } from '../domain/consensus/rules.ts'
import type { Scale } from '../domain/scale.ts'
import type { Packing } from './packed.ts'
import { NONE } from './question.ts'

/** A set of votes that scans have, whoever cast them, and what follows from it. */
export interface Pattern {
  /** The votes on each grade, and those that say "cannot be graded". */
  grades: number[]
  cannot: number
  /** How many votes are grades, and the sum of these grades. */
  graded: number
  sum: number
  /** By each rule, as a place in the scale, or NONE. */
  labels: Record<VoteRule, number>
  dispute: Disputed
}

export interface Disputed extends Dispute {
  /** Not all said the same; "cannot be graded" beside a grade is a difference too. */
  differs: boolean
  /** The rounded mean and the majority of the re-scan decision part ways. */
  conflict: boolean
  /** More than half said the same. */
  majority: boolean
}

/** All patterns met so far: the same few thousand come again with every filter. */
export interface KnownPatterns {
  readonly patterns: readonly Pattern[]
  /** For each scan its pattern's place in `patterns`, from the numbers of the scans' votes. */
  numbered(sums: readonly Int32Array[]): Int32Array
  /** The places sorted by the patterns' votes, "cannot be graded" first. */
  order(): Int32Array
}

export function knownPatterns({ worth, unpacked }: Packing, scale: Scale): KnownPatterns {
  // The first number tells some patterns apart, each further one those that were alike.
  const levels = worth.map(() => emptyLevel())
  const numbersOf = (pattern: number): number[] => {
    const numbers: number[] = []
    for (let level = levels.length - 1, own = pattern; level >= 0; own = levels[level]!.before[own]!, level -= 1)
      numbers.unshift(levels[level]!.sums[own]!)
    return numbers
  }
  const patterns: Pattern[] = []
  let sorted = new Int32Array(0)
  return {
    patterns,
    numbered(sums) {
      const of = new Int32Array(sums[0]!.length)
      levels.forEach((level, n) => tellApart(level, of, sums[n]!))
      for (const { size } = levels.at(-1)!; patterns.length < size;)
        patterns.push(patternOf(unpacked(numbersOf(patterns.length)), scale))
      return of
    },
    order() {
      if (sorted.length < patterns.length) sorted = merged(sorted, patterns)
      return sorted
    },
  }
}

/** Whoever is told apart by a number: open addressing, with twice the places that can be needed. */
interface Level {
  size: number
  /** Of each that is told apart: the number, and whom it was alike before. */
  sums: Int32Array
  before: Int32Array
  slots: Int32Array
}

const emptyLevel = (): Level => ({
  size: 0,
  ...{ sums: new Int32Array(1024), before: new Int32Array(1024), slots: new Int32Array(2048) },
})

/** Those stay alike that were alike (`of`) and have the same sum. */
function tellApart(level: Level, of: Int32Array, own: Int32Array): void {
  let { sums, before, slots } = level
  for (let i = 0; i < of.length; i += 1) {
    const sum = own[i]!
    const alike = of[i]!
    let slot = slotOf(sum, alike, slots)
    let number = slots[slot]! - 1
    while (number >= 0 && (sums[number] !== sum || before[number] !== alike)) {
      slot = (slot + 1) & (slots.length - 1)
      number = slots[slot]! - 1
    }
    if (number < 0) {
      number = level.size
      sums[number] = sum
      before[number] = alike
      slots[slot] = level.size += 1
      if (level.size === sums.length) ({ sums, before, slots } = widened(level))
    }
    of[i] = number
  }
}

function slotOf(sum: number, alike: number, { length }: Int32Array): number {
  const mixed = Math.imul(sum ^ Math.imul(alike, 0x85ebca6b), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) & (length - 1)
}

function widened(level: Level): Level {
  const { size } = level
  const slots = new Int32Array(4 * size)
  for (let number = 0; number < size; number += 1) {
    let slot = slotOf(level.sums[number]!, level.before[number]!, slots)
    while (slots[slot]! > 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = number + 1
  }
  const twice = (from: Int32Array): Int32Array => {
    const to = new Int32Array(2 * size)
    to.set(from)
    return to
  }
  return Object.assign(level, { sums: twice(level.sums), before: twice(level.before), slots })
}

function patternOf(votes: Pick<Pattern, 'grades' | 'cannot'>, scale: Scale): Pattern {
  const { grades, cannot } = votes
  const { label, conflict } = consensusOfCounts(votes, 'majority', scale)
  const said = grades.filter((count) => count > 0).length + Number(cannot > 0)
  const place = (grade: number | null): number => (grade === null ? NONE : scale.categories.indexOf(grade))
  return {
    ...votes,
    graded: grades.reduce((all, count) => all + count, 0),
    sum: grades.reduce((all, count, code) => all + count * scale.categories[code]!, 0),
    labels: {
      majority: place(label),
      'rounded-mean': place(consensusOfCounts(votes, 'rounded-mean', scale).label),
      median: place(consensusOfCounts(votes, 'median', scale).label),
    },
    dispute: {
      ...disputeOfCounts(grades, scale),
      ...{ differs: said > 1, conflict: conflict !== null, majority: label !== null },
    },
  }
}

/** Puts those that are not yet in `sorted` to their places. */
function merged(sorted: Int32Array, patterns: readonly Pattern[]): Int32Array<ArrayBuffer> {
  const more = patterns.slice(sorted.length).map((_, at) => sorted.length + at)
  more.sort((a, b) => compared(patterns[a]!, patterns[b]!))
  const all = new Int32Array(patterns.length)
  for (let i = 0, at = 0, next = 0; i < all.length; i += 1) {
    const first =
      at === sorted.length || (next < more.length && compared(patterns[more[next]!]!, patterns[sorted[at]!]!) < 0)
    all[i] = first ? more[next]! : sorted[at]!
    if (first) next += 1
    else at += 1
  }
  return all
}

function compared(a: Pattern, b: Pattern): number {
  let difference = a.cannot - b.cannot
  for (let code = 0; difference === 0 && code < a.grades.length; code += 1)
    difference = a.grades[code]! - b.grades[code]!
  return difference
}
