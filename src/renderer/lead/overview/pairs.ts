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
