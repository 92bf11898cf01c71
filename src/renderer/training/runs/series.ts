import { variantNames, type Series } from '../../../preload/contract/series.ts'

/** The table as CSV, fractions as fractions. */
export function seriesCsv(series: Series): string {
  const names = variantNames(series.plan.variants)
  const cell = (value: string | number | null | undefined): string => {
    const text = value === null || value === undefined ? '' : String(value)
    return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
  }
  const head = [
    ...['recipe', 'scans', 'rescan_accuracy', 'rescan_low', 'rescan_high'],
    ...['quadratic_kappa', 'kappa_low', 'kappa_high', 'accuracy', 'accuracy_low', 'accuracy_high', 'fold_kappas'],
    ...(series.plan.inner > 0 ? ['fold_choices'] : []),
  ]
  const rows = series.rows.map(({ variant, figures: f, kappas, chosen }) => [
    variant === null ? 'chosen' : names[variant],
    f?.scans,
    ...[f?.rescanAccuracy, f?.quadraticKappa, f?.accuracy].flatMap((one) => [
      one?.estimate,
      one?.ci?.[0],
      one?.ci?.[1],
    ]),
    kappas.map((kappa) => kappa ?? '').join(' '),
    ...(series.plan.inner > 0 ? [chosen.map((one) => (one === null ? '' : names[one])).join('; ')] : []),
  ])
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n'
}
