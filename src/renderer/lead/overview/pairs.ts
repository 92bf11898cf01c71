import type { AgreementReport } from '../../../preload/contract/analysis.ts'
import type { Estimate } from '../../../preload/contract/common.ts'

export interface PairKappas {
  raters: readonly [string, string]
  byWeight: Partial<Record<string, Estimate>>
  n: number | undefined
}

/** The report's flat list of kappas as one row a pair, in the report's order. */
export function pairKappas(report: Pick<AgreementReport, 'cohenKappa'>): PairKappas[] {
  const rows = new Map<string, PairKappas>()
  for (const one of report.cohenKappa) {
    const key = JSON.stringify(one.raters)
    const row = rows.get(key) ?? { raters: one.raters, byWeight: {}, n: one.n }
    row.byWeight[one.weights] = one
    rows.set(key, row)
  }
  return [...rows.values()]
}

/** Pairs of readers that stand on the page at once: thirty readers are 435. */
const room = 10

/**
 * The pairs that differ most, by the number given (null: nothing known), where the page has no room for all; of equal ones those
 * with more scans, which say more.
 */
export function foremost<T extends object>(
  pairs: readonly T[],
  difference: (pair: T) => number | null | undefined,
  count = room,
): readonly T[] {
  if (pairs.length <= count) return pairs
  const rank = new Map(pairs.map((pair) => [pair, difference(pair) ?? -Infinity]))
  const scans = (pair: T): number => ('n' in pair && typeof pair.n === 'number' ? pair.n : 0)
  const by = (a: T, b: T): number => Math.sign(rank.get(b)! - rank.get(a)!) || scans(b) - scans(a)
  return [...pairs].sort(by).slice(0, count)
}
