import type { Recipe } from '../../../preload/contract/training.ts'
import { holdOutSplit } from '../../domain/hold-out.ts'
import type { Fold } from '../../domain/splits.ts'
import type { LabelRow } from '../settling/labels.ts'

/** Which part each scan is in, and how many patients take part. */
export interface Split {
  of: Record<string, Fold>
  patients: number
}

/** As the caller has placed them; scans that it leaves out take no part. */
export function placedSplit(rows: readonly LabelRow[], of: Record<string, Fold>): Split {
  const inside = rows.filter(({ scanId }) => of[scanId] !== undefined)
  return { of, patients: new Set(inside.map((r) => r.patientId)).size }
}

/** No patient in two parts; the parts are stratified by label as far as whole patients allow. Errors: those of `holdOutSplit`. */
export function recipeSplit(rows: readonly LabelRow[], recipe: Recipe): Split {
  const chosen = ofSite(rows, recipe.site)
  const folds = holdOutSplit(
    chosen.map((r) => ({ id: r.scanId, patient: r.patientId, label: r.grade, site: r.site, date: r.scannedOn })),
    recipe.holdOut,
    { validation: recipe.validationShare, test: recipe.testShare, seed: recipe.seed },
  )
  return placedSplit(chosen, Object.fromEntries(folds))
}

/** The labels a recipe is for: of one site, or all. */
export const ofSite = (rows: readonly LabelRow[], site: Recipe['site']): readonly LabelRow[] =>
  site === null ? rows : rows.filter((row) => row.site === site)
