import { csvText } from '../domain/csv.ts'
import { ConcordError } from '../domain/error.ts'
import { ablation } from '../learning/networks/cbam.ts'
import type { Recipe } from '../../preload/contract/training.ts'
import { variantNames, type Series, type SeriesPlan } from '../../preload/contract/series.ts'
import { flag, text } from './arguments.ts'
import { recipeFrom, recipeOptions } from './recipe.ts'

/** Options that make several runs of one recipe. */
export const seriesOptions = {
  ...{ folds: text, inner: text, networks: text, sites: text, csv: text },
  ...{ tune: { type: 'string', multiple: true } as const, ablation: flag },
} as const

export const seriesUsage =
  '[--folds 5] [--ablation | --networks walle2023,cbam | --sites tibia,radius] ' +
  '[--tune learning-rate=0.001,0.0003 --inner 3] [--csv FILE]'

interface Values {
  folds?: string | undefined
  inner?: string | undefined
  networks?: string | undefined
  sites?: string | undefined
  tune?: string[] | undefined
  ablation?: boolean | undefined
}

/**
 * The plan that the options ask for; null where they ask for one run.
 * @throws ConcordError `bad-option`.
 */
export function planFrom(values: Values, recipe: Recipe): SeriesPlan | null {
  const list = (given: string): string[] => given.split(',').map((one) => one.trim())
  let variants: Recipe[] = [recipe]
  if (values.ablation) variants = ablation.map((network) => ({ ...recipe, network }))
  else if (values.networks !== undefined) variants = list(values.networks).map((network) => ({ ...recipe, network }))
  if (values.sites !== undefined)
    variants = variants.flatMap((one) => list(values.sites!).map((site) => recipeFrom({ site }, one)))
  for (const choice of values.tune ?? []) {
    const [name = '', given = ''] = choice.split('=')
    if (!(name in recipeOptions) || given === '')
      throw new ConcordError('bad-option', `--tune takes an option of the recipe and its values, such as seed=1,2.`)
    variants = variants.flatMap((one) => list(given).map((value) => recipeFrom({ [name]: value }, one)))
  }
  const [folds, inner] = [Number(values.folds ?? 0), Number(values.inner ?? 0)]
  const right = (k: number, most: number): boolean => Number.isInteger(k) && k >= 0 && k !== 1 && k <= most
  if (!right(folds, 20) || !right(inner, 10))
    throw new ConcordError('bad-option', '--folds is 2 to 20, --inner 2 to 10.')
  if (variants.length > 40) throw new ConcordError('bad-option', 'A series holds at most 40 recipes.')
  return variants.length === 1 && folds === 0 ? null : { variants, folds, inner }
}

/** The table of a series: one line a variant. */
export function seriesCsv(series: Series): string {
  const names = variantNames(series.plan.variants)
  const interval = (ci: readonly [number, number] | null | undefined): (number | null)[] => [...(ci ?? [null, null])]
  return csvText(
    [
      ...['variant', 'network', 'scans', 'accuracy', 'accuracy_low', 'accuracy_high'],
      ...['rescan_accuracy', 'rescan_low', 'rescan_high', 'always_commonest'],
      ...['quadratic_kappa', 'kappa_low', 'kappa_high', 'mean_absolute_error', 'fold_kappas', 'chosen', 'seconds'],
    ],
    series.rows.map((row) => {
      const f = row.figures
      return [
        ...[row.variant === null ? 'chosen inside each fold' : names[row.variant]!, row.network, f?.scans ?? 0],
        ...[f?.accuracy.estimate ?? null, ...interval(f?.accuracy.ci)],
        ...[f?.rescanAccuracy.estimate ?? null, ...interval(f?.rescanAccuracy.ci), f?.majorityClassRate ?? null],
        ...[f?.quadraticKappa.estimate ?? null, ...interval(f?.quadraticKappa.ci), f?.meanAbsoluteError ?? null],
        row.kappas.map((kappa) => kappa?.toFixed(3) ?? '-').join(' '),
        row.chosen.map((variant) => (variant === null ? '-' : names[variant])).join('; '),
        Math.round(row.seconds),
      ]
    }),
  )
}
