import type { DisputedScan } from '../../../preload/contract/analysis.ts'

/** The next scan nobody settled, after the given one and round to the start; null when all are settled. */
export function nextUnsettled(
  rows: readonly Pick<DisputedScan, 'scanId' | 'adjudicated'>[],
  after: string | null,
): string | null {
  const at = rows.findIndex((row) => row.scanId === after)
  const round = [...rows.slice(at + 1), ...rows.slice(0, at + 1)]
  return round.find((row) => row.adjudicated === null && row.scanId !== after)?.scanId ?? null
}
