import type { SeriesPlan } from '../../../../preload/contract/series.ts'
import type { Recipe } from '../../../../preload/contract/training.ts'
import { ConcordError } from '../../../domain/error.ts'
import { nestedFolds, type OuterFold } from '../../../domain/hold-out.ts'
import type { Row } from '../../../store/schema.ts'
import type { LabelRow } from '../../settling/labels.ts'
import { storedRecipe } from '../recipe.ts'
import { ofSite } from '../split.ts'

/** One run of a plan, known by its key. `fold` is null where the recipe holds out by itself. */
export interface Step {
  key: string
  variant: number
  fold: number | null
  inner: number | null
}

export const stepOf = (variant: number, fold: number | null, inner: number | null = null): Step => ({
  key: [variant, fold ?? '-', ...(inner === null ? [] : [inner])].join('/'),
  ...{ variant, fold, inner },
})

export function planOf(row: Row<'training_series'>): SeriesPlan {
  const plan = JSON.parse(row.plan) as SeriesPlan
  return { ...plan, variants: plan.variants.map((variant) => storedRecipe(JSON.stringify(variant))) }
}

/** Without a nested choice: every variant on every fold; fold by fold, so that all variants have some figures early. */
export function stepsOf({ variants, folds }: SeriesPlan): Step[] {
  const parts = folds === 0 ? [null] : Array.from({ length: folds }, (_, fold) => fold)
  return parts.flatMap((fold) => variants.map((_, variant) => stepOf(variant, fold)))
}

/** How many runs it has. */
export const totalOf = (plan: SeriesPlan): number =>
  plan.inner > 0 ? plan.folds * (plan.variants.length * plan.inner + 1) : stepsOf(plan).length

/** The recipe of a variant on one fold of the cross-validation. */
export function recipeOf({ variants, folds }: SeriesPlan, { variant, fold }: Pick<Step, 'variant' | 'fold'>): Recipe {
  const recipe = variants[variant]!
  return fold === null ? recipe : { ...recipe, holdOut: { by: 'fold', folds, fold } }
}

/** The outer folds of a nested choice, each with its inner ones. Errors: those of `nestedFolds`. */
export function nestedOf(rows: readonly LabelRow[], plan: SeriesPlan): OuterFold[] {
  const { site, seed } = plan.variants[0]!
  return nestedFolds(
    ofSite(rows, site).map((r) => ({ id: r.scanId, patient: r.patientId, label: r.grade })),
    { outer: plan.folds, inner: plan.inner, seed },
  )
}

/** A nested choice is among recipes that are alike in whom they learn from. Errors: `series-differs`, those of `nestedFolds`. */
export function requireNestable(rows: readonly LabelRow[], plan: SeriesPlan): void {
  const same = new Set(plan.variants.map(({ site, seed }) => `${site}/${seed}`)).size === 1
  if (plan.folds === 0 || plan.variants.length < 2 || !same)
    throw new ConcordError(
      'series-differs',
      'A choice is tuned inside the folds of a cross-validation, among two recipes or more of one seed and site.',
    )
  nestedOf(rows, plan)
}
