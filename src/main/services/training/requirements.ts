import { existsSync } from 'node:fs'
import type { Recipe } from '../../../preload/contract/training.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Fold } from '../../domain/splits.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { requireMemory } from '../../learning/memory.ts'
import { checkTrainRequest } from '../../learning/request.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale } from '../context.ts'
import type { LabelRow } from '../settling/labels.ts'
import { learnerRecipe } from './recipe.ts'

export interface RunPlan {
  rows: readonly LabelRow[]
  folds: Record<string, Fold>
  recipe: Recipe
  study: Row<'study'>
}

/** What would end a run after its start is said before it. */
export function createRequirements(parts: { learner: LearnerHost; volumePath(sha256: string): string }) {
  const { learner, volumePath } = parts

  async function requireRoom(study: Row<'study'>, recipe: Recipe): Promise<void> {
    requireMemory(await learner.memory({ ...learnerRecipe(recipe), classes: domainScale(study).categories }))
  }

  return {
    /** Errors: `training-scans-gone`, `weights-missing`, `not-enough-memory` and those of the learner's `checkTrainRequest`. */
    async requireStartable({ rows, folds, recipe, study }: RunPlan): Promise<void> {
      const used = rows.filter(({ scanId }) => folds[scanId] !== undefined)
      const gone = used.filter(({ contentSha256 }) => !existsSync(volumePath(contentSha256))).length
      if (gone > 0)
        throw new ConcordError(
          'training-scans-gone',
          `The pictures of ${gone} of ${used.length} labelled scans are no longer on this machine: ` +
            'import their folder again, or take another label set.',
          'labelSetId',
        )
      if (recipe.pretrained !== null && !existsSync(recipe.pretrained))
        throw new ConcordError(
          'weights-missing',
          'The weights file to start from is not there: choose it again.',
          'pretrained',
        )
      const grades = domainScale(study).categories
      checkTrainRequest({
        ...learnerRecipe(recipe),
        ...{ runId: '', classes: grades, rescanFrom: null, checkpointFolder: '', resume: false },
        scans: used.map((r) => ({
          ...{ scanId: r.scanId, cachePath: '' },
          ...{ label: grades.indexOf(r.grade), fold: folds[r.scanId]! },
        })),
      })
      await requireRoom(study, recipe)
    },

    /** Of runs that come one after another: each must have room. Those that need the same are asked for once. */
    async requireRoomFor(study: Row<'study'>, recipes: readonly Recipe[]): Promise<void> {
      const different = new Map<string, Recipe>()
      for (const recipe of recipes) {
        const { network, imageSize, batch, optimiser, loss } = recipe
        different.set([network, imageSize, batch, optimiser, loss].join('/'), recipe)
      }
      for (const recipe of different.values()) await requireRoom(study, recipe)
    },
  }
}
