import { cutIndex, type Scale } from '../scale.ts'
import { countsOf, type ScanVote } from './scan.ts'

/** How far the readers of one scan part, for a list that puts the most disputed first. */
export type Dispute = {
  /** Largest less smallest grade; 0 with fewer than two grades. */
  range: number
  /** Votes fall on both sides of the re-scan cut. */
  acrossCut: boolean
  /** Shannon entropy of the votes' distribution in bits: 0 where all are equal. */
  entropy: number
}

/** Of a scan with no vote that counts: 0, false, 0. */
export function disputeOf(votes: readonly ScanVote[], scale: Scale): Dispute {
  return disputeOfCounts(countsOf(votes, scale.categories), scale)
}

/** The same from how many votes fall on each declared grade. */
export function disputeOfCounts(counts: readonly number[], scale: Scale): Dispute {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const first = counts.findIndex((count) => count > 0)
  const last = counts.findLastIndex((count) => count > 0)
  const cut = cutIndex(scale.categories, scale.rescanFrom)
  let entropy = 0
  for (const count of counts) if (count > 0 && count < total) entropy -= (count / total) * Math.log2(count / total)
  return {
    range: total === 0 ? 0 : scale.categories[last]! - scale.categories[first]!,
    acrossCut: cut !== null && total > 0 && first < cut && last >= cut,
    entropy,
  }
}

/** Sorts the more disputed first: across the cut, then range, then entropy. */
export function moreDisputed(a: Dispute, b: Dispute): number {
  return Number(b.acrossCut) - Number(a.acrossCut) || b.range - a.range || b.entropy - a.entropy
}
