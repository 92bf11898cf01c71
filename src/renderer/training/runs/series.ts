import { variantNames, type Series } from '../../../preload/contract/series.ts'
import type { Recipe } from '../../../preload/contract/training.ts'
import { networkTitle } from '../networkTitle.ts'

/** What differs between the recipes of a series, in the person's words; the CSV has the recipes' own (`variantNames`). */
export function variantTitles(
  variants: readonly Recipe[],
  t: (key: string, values?: Record<string, unknown>) => string,
  language: string,
): string[] {
  const plain = variantNames(variants)
  const differs = (Object.keys(variants[0] ?? {}) as (keyof Recipe)[]).filter(
    (key) => new Set(variants.map((one) => JSON.stringify(one[key]))).size > 1,
  )
  const [only] = differs
  if (only === undefined) return variants.map(({ network }) => networkTitle(network, t))
  if (differs.length > 1) return plain
  return variants.map((one, i) => {
    if (only === 'network') return networkTitle(one.network, t)
    if (only === 'loss') return t(`recipe.losses.${one.loss}`)
    if (only === 'site') return t(`recipe.sites.${one.site ?? 'mixed'}`)
    if (only === 'learningRate')
      return t('recipe.nested.rate', {
        rate: new Intl.NumberFormat(language, { maximumSignificantDigits: 6 }).format(one.learningRate),
      })
    return plain[i]!
  })
}

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
