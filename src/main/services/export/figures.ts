import type { Overview } from '../../../preload/contract/analysis.ts'
import type { AgreementReport } from '../../domain/agreement/report.ts'

export interface FigureRow {
  statistic: string
  part: string
  weights: string | null
  value: number | null
  lower: number | null
  upper: number | null
  n: number | null
  reason: string | null
}

interface Figure {
  estimate?: number | null
  rate?: number | null
  disagreementRate?: number | null
  ci?: readonly [number, number] | null
  n?: number
  units?: number
  reason?: string
}

/** The figures of the lead's page as a table: the very numbers, not computed again. */
export function figureRows(overview: Overview): FigureRow[] {
  const report = overview.agreement as unknown as AgreementReport
  const row = (statistic: string, part: string, weights: string | null, figure: Figure): FigureRow => {
    const value = figure.estimate ?? figure.rate ?? figure.disagreementRate ?? null
    return {
      ...{ statistic, part, weights, value },
      lower: value === null ? null : (figure.ci?.[0] ?? null),
      upper: value === null ? null : (figure.ci?.[1] ?? null),
      n: figure.n ?? figure.units ?? null,
      reason: value === null ? (figure.reason ?? null) : null,
    }
  }
  const whole = { n: report.fleissKappa.n, reason: report.fleissKappa.reason ?? '' }
  const { nominal, ordinal, interval } = report.krippendorffAlpha
  return [
    row('rescan_disagreement', 'all', null, report.rescan),
    ...overview.rescanBySite.map((site) => row('rescan_disagreement', site.site, null, site)),
    ...overview.rescanByPair.map((pair) => row('rescan_disagreement', pair.raters.join('-'), null, pair)),
    row('full_agreement', 'all', null, { estimate: report.fullAgreementRate, ...whole }),
    row('agreeing_pairs', 'all', null, {
      estimate: report.percentAgreement.pairwise,
      ...(report.percentAgreement.reason === undefined ? {} : { reason: report.percentAgreement.reason }),
    }),
    row('fleiss_kappa', 'all', null, report.fleissKappa),
    row('conger_kappa', 'all', null, report.congerKappa),
    ...report.cohenKappa.map((kappa) => row('cohen_kappa', kappa.raters.join('-'), kappa.weights, kappa)),
    row('krippendorff_alpha', 'all', 'nominal', nominal),
    row('krippendorff_alpha', 'all', 'ordinal', ordinal),
    row('krippendorff_alpha', 'all', 'interval', interval),
    row('gwet_ac1', 'all', null, report.gwetAC1),
  ]
}
