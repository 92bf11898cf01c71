import { MISSING } from '../scale.ts'
import { reasons } from './outcome.ts'
import type { Table } from './table.ts'

export type PercentAgreement = { allRaters: number | null; pairwise: number | null; reason?: string }

/**
 * Observed agreement as fractions. `allRaters`: subjects with every rater's vote on which all votes are equal, over all
 * such subjects. `pairwise`: agreeing pairs of votes over all pairs of votes, of every subject.
 */
export function percentAgreement(table: Table): PercentAgreement {
  if (table.raters < 2) return { allRaters: null, pairwise: null, reason: reasons.oneRater }
  const q = table.categories.length
  let complete = 0
  let equal = 0
  let pairs = 0
  let agreeing = 0
  for (let row = 0; row < table.rows; row += 1) {
    const weight = table.weights[row]!
    const votes = table.votes[row]!
    let same = 0
    for (let k = 0; k < q; k += 1) same += table.counts[row * q + k]! * (table.counts[row * q + k]! - 1)
    pairs += weight * votes * (votes - 1)
    agreeing += weight * same
    if (votes !== table.raters) continue
    complete += weight
    if (same === votes * (votes - 1)) equal += weight
  }
  const allRaters = complete > 0 ? equal / complete : null
  const pairwise = pairs > 0 ? agreeing / pairs : null
  if (pairwise === null) return { allRaters, pairwise, reason: reasons.noPairs }
  return allRaters === null ? { allRaters, pairwise, reason: reasons.noComplete } : { allRaters, pairwise }
}

/**
 * For each rater the share of the others' votes on the same subjects that equal the own, every other rater counting alike;
 * the lowest and the highest of these. Null where no two have a subject in common.
 */
export function agreementBand(table: Table): { low: number; high: number } | null {
  const own: number[] = []
  for (let a = 0; a < table.raters; a += 1) {
    const rates: number[] = []
    for (let b = 0; b < table.raters; b += 1) {
      let both = 0
      let same = 0
      for (let row = 0; row < table.rows && a !== b; row += 1) {
        const [i, j] = [table.codes[row * table.raters + a]!, table.codes[row * table.raters + b]!]
        if (i === MISSING || j === MISSING) continue
        both += table.weights[row]!
        if (i === j) same += table.weights[row]!
      }
      if (both > 0) rates.push(same / both)
    }
    if (rates.length > 0) own.push(rates.reduce((sum, rate) => sum + rate, 0) / rates.length)
  }
  return own.length === 0 ? null : { low: Math.min(...own), high: Math.max(...own) }
}
