import { z } from 'zod'
import { id, time } from './common.ts'
import { route } from './route.ts'
import { heldOutFigures, recipe, runState, type Recipe } from './training.ts'

/** Several runs that belong together, one after another. */
export const seriesPlan = z.strictObject({
  /** Recipes held against one another on the same parts; with `inner` they are choices, of which each fold makes its own. */
  variants: z.array(recipe).min(1).max(40),
  /** Folds of a cross-validation by patient; 0 keeps each recipe's own way of holding out. */
  folds: z
    .int()
    .min(0)
    .max(20)
    .refine((k) => k !== 1, 'two folds or more, or none'),
  /** Folds inside each fold, on which the choice is made (nested cross-validation); 0 for none. */
  inner: z
    .int()
    .min(0)
    .max(10)
    .refine((k) => k !== 1, 'two folds or more, or none'),
})
export type SeriesPlan = z.infer<typeof seriesPlan>

/** What differs between the recipes of a series, as a name of each. */
export function variantNames(variants: readonly Recipe[]): string[] {
  const keys = (Object.keys(variants[0] ?? {}) as (keyof Recipe)[]).filter(
    (key) => new Set(variants.map((one) => JSON.stringify(one[key]))).size > 1,
  )
  const shown = (value: Recipe[keyof Recipe]): string => (typeof value === 'string' ? value : JSON.stringify(value))
  return variants.map((one) =>
    keys.length === 0
      ? one.network
      : keys.map((key) => (key === 'network' ? one.network : `${key} ${shown(one[key])}`)).join(', '),
  )
}

export const seriesRow = z.object({
  /** Number of the variant; null for the row of a nested choice, which is not of one variant. */
  variant: z.int().nullable(),
  network: z.string(),
  runIds: z.array(id),
  /** Of all tested scans of all folds together, each graded by a network that has not seen its patient. */
  figures: heldOutFigures.nullable(),
  /** Quadratic kappa fold by fold. */
  kappas: z.array(z.number().nullable()),
  /** Of a nested choice: the variant that each fold chose. */
  chosen: z.array(z.int().nullable()),
  seconds: z.number(),
})
export type SeriesRow = z.infer<typeof seriesRow>

export const series = z.object({
  id,
  studyId: id,
  labelSetId: id,
  labelSetName: z.string(),
  plan: seriesPlan,
  state: runState.exclude(['paused']),
  done: z.int(),
  total: z.int(),
  /** The run that is going on now. */
  runId: id.nullable(),
  rows: z.array(seriesRow),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  startedAt: time,
})
export type Series = z.infer<typeof series>

const ofSeries = z.strictObject({ seriesId: id })

export const seriesRoutes = {
  /** Errors: `series-in-progress`, `series-differs`, and those of `training.start`. */
  start: route(['trainer'], z.strictObject({ labelSetId: id, plan: seriesPlan }), series),
  list: route(['trainer', 'lead'], z.strictObject({ studyId: id }), z.array(series)),
  cancel: route(['trainer'], ofSeries, series),
  /** Goes on with the first run that is not done. */
  resume: route(['trainer'], ofSeries, series),
}
