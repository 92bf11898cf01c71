import { cutIndex, nearestCategory } from '../scale.ts'
import { ownCounts } from './confusion.ts'
import { type Interval, reasons } from './outcome.ts'
import type { Table } from './table.ts'
import { wilsonInterval } from './wilson.ts'

export type Rate = { rate: number | null; count: number; n: number; ci: Interval | null; reason?: string }

/** A share of scans with Wilson's interval; null with a reason where there is no scan. */
export function rateOf(count: number, n: number, reason: string): Rate {
  return n === 0
    ? { rate: null, count, n, ci: null, reason }
    : { rate: count / n, count, n, ci: wilsonInterval(count, n) }
}

/**
 * Re-scan disagreement: among the scans with two or more votes, those whose votes fall on both sides of the cut
 * (`rescanFrom` is the lowest grade that means "scan again").
 */
export function rescanDisagreement(table: Table, rescanFrom: number | null): Rate {
  return disagreementWhere(table, rescanFrom, () => true)
}

/**
 * The same among the scans whose rounded mean grade is one of the two beside the cut (3 or 4 of five), as the thesis of
 * 2023 reports it: where the decision is close, how often do the readers part?
 */
export function conditionalRescanDisagreement(table: Table, rescanFrom: number | null): Rate {
  const cut = cutIndex(table.categories, rescanFrom)
  return disagreementWhere(table, rescanFrom, (row) => {
    const rounded = roundedMeanOfRow(table, row)
    return rounded === cut || rounded + 1 === cut
  })
}

/** Scans on which all votes are equal: among those with every rater's vote, or (`two`) with two or more votes. */
export function fullAgreement(table: Table, among: 'complete' | 'two'): Rate {
  if (table.raters < 2) return rateOf(0, 0, reasons.oneRater)
  const needed = among === 'complete' ? table.raters : 2
  const q = table.categories.length
  let count = 0
  let n = 0
  for (let row = 0; row < table.rows; row += 1) {
    const votes = table.votes[row]!
    if (votes < needed) continue
    n += table.weights[row]!
    if (table.counts.subarray(row * q, row * q + q).includes(votes)) count += table.weights[row]!
  }
  return rateOf(count, n, among === 'complete' ? reasons.noComplete : reasons.noPairs)
}

/** For each rater the share of the own votes (`own`, as of `ownCounts`) at or above the cut; null for a rater without a vote. */
export function rescanRates(
  table: Table,
  rescanFrom: number | null,
  own: Float64Array = ownCounts(table),
): (number | null)[] {
  const cut = cutIndex(table.categories, rescanFrom)
  const q = table.categories.length
  return Array.from({ length: table.raters }, (_, r) => {
    let votes = 0
    let above = 0
    for (let k = 0; k < q; k += 1) {
      votes += own[r * q + k]!
      if (cut !== null && k >= cut) above += own[r * q + k]!
    }
    return votes === 0 || cut === null ? null : above / votes
  })
}

function disagreementWhere(table: Table, rescanFrom: number | null, keep: (row: number) => boolean): Rate {
  if (table.raters < 2) return rateOf(0, 0, reasons.oneRater)
  const cut = cutIndex(table.categories, rescanFrom)
  if (cut === null) return rateOf(0, 0, reasons.noCut)
  const q = table.categories.length
  let count = 0
  let n = 0
  for (let row = 0; row < table.rows; row += 1) {
    const votes = table.votes[row]!
    if (votes < 2 || !keep(row)) continue
    let above = 0
    for (let k = cut; k < q; k += 1) above += table.counts[row * q + k]!
    n += table.weights[row]!
    if (above > 0 && above < votes) count += table.weights[row]!
  }
  return rateOf(count, n, reasons.noPairs)
}

function roundedMeanOfRow(table: Table, row: number): number {
  const q = table.categories.length
  let sum = 0
  for (let k = 0; k < q; k += 1) sum += table.counts[row * q + k]! * table.categories[k]!
  return nearestCategory(table.categories, sum, table.votes[row]!)
}
