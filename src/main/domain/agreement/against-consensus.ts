import { cutIndex, type Scale } from '../scale.ts'
import { cohenKappa, type CohenKappa } from './cohen.ts'
import type { Interval } from './outcome.ts'
import { wilsonInterval } from './wilson.ts'

/** One scan that a reader graded, and its consensus. */
export interface OwnAndConsensus {
  own: number
  consensus: number
}

export interface AgainstConsensus {
  /** Scans compared. */
  n: number
  /** The same grade; rate null where nothing is compared. Interval: Wilson. */
  same: { count: number; rate: number | null; ci: Interval | null }
  /** The same side of the re-scan cut; null where the scale has no cut. */
  sameSide: { count: number; rate: number | null; ci: Interval | null } | null
  /** Own grades above and below the consensus. */
  above: number
  below: number
  /** Own grade less consensus; null where nothing is compared. */
  meanDifference: number | null
  /** Cohen's kappa with quadratic weights. */
  kappa: CohenKappa
  /** `matrix[own][consensus]`: counts over the declared scale. */
  matrix: number[][]
}

/** How one reader's grades lie to the consensus of the same scans. Throws nothing; grades must be of the scale. */
export function againstConsensus(pairs: readonly OwnAndConsensus[], scale: Scale): AgainstConsensus {
  const { categories } = scale
  const q = categories.length
  const counts = new Float64Array(q * q)
  for (const { own, consensus } of pairs) counts[categories.indexOf(own) * q + categories.indexOf(consensus)]! += 1
  const n = pairs.length
  const share = (count: number) => ({ count, rate: n === 0 ? null : count / n, ci: wilsonInterval(count, n) })
  const number = (holds: (pair: OwnAndConsensus) => boolean): number => pairs.filter(holds).length
  const cut = cutIndex(categories, scale.rescanFrom) === null ? null : scale.rescanFrom!
  const difference = pairs.reduce((sum, { own, consensus }) => sum + own - consensus, 0)
  return {
    n,
    same: share(number(({ own, consensus }) => own === consensus)),
    sameSide: cut === null ? null : share(number(({ own, consensus }) => own >= cut === consensus >= cut)),
    above: number(({ own, consensus }) => own > consensus),
    below: number(({ own, consensus }) => own < consensus),
    meanDifference: n === 0 ? null : difference / n,
    kappa: cohenKappa(counts, categories, 'quadratic'),
    matrix: Array.from({ length: q }, (_, i) => Array.from(counts.subarray(i * q, (i + 1) * q))),
  }
}
