import type { Recipe, Run } from '../../../preload/contract/training.ts'
import { ConcordError } from '../../domain/error.ts'
import { patientSplit, type Fold } from '../../domain/splits.ts'
import { refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import type { LabelRow, Labels } from '../settling/labels.ts'
import { storedRecipe } from './recipe.ts'
import type { StoredFolds } from './runs.ts'
import type { Training } from './index.ts'

/**
 * When a label set grows: the last recipe again, with the test patients of before kept apart, so that the old model and the new
 * one can be held against each other on patients that neither has seen.
 */
export function createRetraining({ db, labels, training }: ServiceBase & { labels: Labels; training: Training }) {
  return {
    /** The last finished run of the study on another label set whose model is in use; null where there is none. */
    async retrainProposal(caller: Caller, labelSetId: string) {
      const { set, labels: rows } = await labels.rows(caller, labelSetId)
      const last = await db
        .selectFrom('training_run')
        .innerJoin('model', 'model.run_id', 'training_run.id')
        .leftJoin('model_retired', 'model_retired.model_id', 'model.id')
        .select(['training_run.id as runId', 'training_run.recipe', 'training_run.folds', 'training_run.label_set_id'])
        .select(['model.id as modelId', 'model.name'])
        .where('training_run.study_id', '=', set.study_id)
        .where('training_run.state', '=', 'done')
        .where('model_retired.model_id', 'is', null)
        .orderBy('training_run.id', 'desc')
        .limit(1)
        .executeTakeFirst()
      // Identifiers sort by the time they were made: only a later label set can have grown.
      if (!last || set.id <= last.label_set_id) return null
      const { count } = await db
        .selectFrom('label')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('label_set_id', '=', last.label_set_id)
        .executeTakeFirstOrThrow()
      return {
        runId: last.runId,
        modelId: last.modelId,
        name: last.name,
        recipe: storedRecipe(last.recipe),
        labelsBefore: Number(count),
        labelsNow: rows.length,
        sameTestPatients: testPatients(rows, JSON.parse(last.folds) as StoredFolds).size,
      }
    },

    /** Starts a run that can be compared with another. Errors: `run-unknown`, `retrain-no-test`, and as `training.start`. */
    async retrain(caller: Caller, request: { labelSetId: string; recipe: Recipe }, basedOn: string): Promise<Run> {
      const before = await db.selectFrom('training_run').selectAll().where('id', '=', basedOn).executeTakeFirst()
      const { set, labels: rows } = await labels.rows(caller, request.labelSetId)
      if (!before || before.study_id !== set.study_id)
        throw new ConcordError('run-unknown', 'There is no such training run in this study.')
      await refuseBlinded(db, caller, await studyOf(db, before.study_id))
      const of = keptApart(rows, JSON.parse(before.folds) as StoredFolds, request.recipe)
      return training.start(caller, request, { parts: { of }, basedOn })
    },
  }
}

const testPatients = (rows: readonly LabelRow[], { of }: StoredFolds): Set<string> =>
  new Set(rows.filter(({ scanId }) => of[scanId] === 'test').map(({ patientId }) => patientId))

/** All scans of the former test patients are tested; everybody else is split into training and validation. */
function keptApart(rows: readonly LabelRow[], before: StoredFolds, recipe: Recipe): Record<string, Fold> {
  const chosen = recipe.site === null ? rows : rows.filter(({ site }) => site === recipe.site)
  const apart = testPatients(rows, before)
  if (apart.size === 0)
    throw new ConcordError(
      'retrain-no-test',
      'The former run kept no patients for a test, so that there is nothing to compare on: start a run of its own.',
    )
  const learned = chosen.filter(({ patientId }) => !apart.has(patientId))
  const folds = patientSplit(
    learned.map((r) => ({ id: r.scanId, patient: r.patientId, label: r.grade })),
    { validation: recipe.validationShare, test: 0, seed: recipe.seed },
  )
  for (const { scanId, patientId } of chosen) if (apart.has(patientId)) folds.set(scanId, 'test')
  return Object.fromEntries(folds)
}
