import type { Recipe } from '../../../preload/contract/training.ts'
import type { Scale } from '../../domain/scale.ts'
import type { TrainRequest } from '../../learning/types.ts'
import { regionInput } from '../regions/input.ts'
import type { LabelRow } from '../settling/labels.ts'
import { learnerRecipe } from './recipe.ts'
import type { StoredFolds } from './runs.ts'

/** A stored run as the learner takes it. Labels of scans that are in no part are left out. */
export function trainRequest(run: {
  id: string
  rows: readonly LabelRow[]
  scale: Scale
  recipe: Recipe
  stored: StoredFolds
  checkpointFolder: string
  resume: boolean
  volumePath(sha256: string): string
}): TrainRequest {
  const { id, rows, scale, recipe, checkpointFolder, resume, volumePath } = run
  const { of: folds, regions } = run.stored
  const classes = [...scale.categories]
  return {
    runId: id,
    ...learnerRecipe(recipe),
    ...(regions ? { preprocessing: { region: regionInput(regions.from) } } : {}),
    ...{ classes, rescanFrom: scale.rescanFrom, checkpointFolder, resume },
    scans: rows.flatMap((label) => {
      const fold = folds[label.scanId]
      if (fold === undefined) return []
      const { scanId, contentSha256, grade, distribution } = label
      const region = regions?.of[scanId]
      const source = { scanId, cachePath: volumePath(contentSha256), ...(region ? { region } : {}) }
      const scan = { ...source, label: classes.indexOf(grade), fold }
      return [recipe.softLabels ? { ...scan, distribution } : scan]
    }),
  }
}
