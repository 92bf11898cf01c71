import type { EpochFigures, Run } from '../../../preload/contract/training.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Fold } from '../../domain/splits.ts'
import type { Progress } from '../../learning/types.ts'
import type { Connection, Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import type { HeldOutFigures } from './figures.ts'
import type { Labels } from '../settling/labels.ts'
import { storedRecipe } from './recipe.ts'
import type { RegionsOfScans } from '../regions/rows.ts'

/** What a finished run keeps of its held-out scans. */
export interface StoredFigures {
  validation: HeldOutFigures | null
  test: HeldOutFigures | null
}
/** Which part each scan is in, and how many patients there are. */
export interface StoredFolds {
  of: Record<string, Fold>
  patients: number
  /** Where the region of interest lay on each scan when the run started, and which it was; none: whole pictures. */
  regions?: RegionsOfScans
  /** `choice`: one of several that are only held against one another; it leaves no model. */
  purpose?: 'choice'
  /** The model from whose card this run trains again. */
  reproduces?: Reproduced
}

/** A model that is trained again: what it is called, and the digest of its file. */
export interface Reproduced {
  name: string
  sha256: string
}

export type Runs = ReturnType<typeof createRuns>

/** Training runs as they are stored and as the page sees them. */
export function createRuns({ db, labels }: { db: Database; labels: Labels }) {
  /** Computed once a label set: its votes are sealed. */
  const references = new Map<string, ReturnType<Labels['reference']>>()
  const referenceOf = (labelSetId: string): ReturnType<Labels['reference']> => {
    const known = references.get(labelSetId) ?? labels.reference(labelSetId)
    references.set(labelSetId, known)
    return known
  }

  return {
    async row(runId: string, connection: Connection = db): Promise<Row<'training_run'>> {
      const row = await connection.selectFrom('training_run').selectAll().where('id', '=', runId).executeTakeFirst()
      if (!row) throw new ConcordError('run-unknown', 'There is no such training run.')
      return row
    },

    /** @param live where the run is now, if it is running here. */
    async view(row: Row<'training_run'>, live: Progress | null): Promise<Run> {
      const epochs = await db.selectFrom('epoch').selectAll().where('run_id', '=', row.id).orderBy('epoch').execute()
      const set = await db
        .selectFrom('label_set')
        .select('name')
        .where('id', '=', row.label_set_id)
        .executeTakeFirstOrThrow()
      const model = await db.selectFrom('model').select('id').where('run_id', '=', row.id).executeTakeFirst()
      const folds = JSON.parse(row.folds) as StoredFolds
      const count = (fold: Fold): number => Object.values(folds.of).filter((f) => f === fold).length
      const figures = row.figures ? (JSON.parse(row.figures) as StoredFigures) : null
      return {
        id: row.id,
        studyId: row.study_id,
        labelSetId: row.label_set_id,
        labelSetName: set.name,
        recipe: storedRecipe(row.recipe),
        state: row.state,
        split: {
          train: count('train'),
          validation: count('validation'),
          test: count('test'),
          patients: folds.patients,
        },
        epochs: epochs.map(epochOf),
        bestEpoch: row.best_epoch,
        live: live && {
          stage: live.stage,
          epoch: live.epoch,
          share: live.total > 0 ? live.done / live.total : 0,
          imagesPerSecond: live.imagesPerSecond ?? 0,
          secondsLeft: live.secondsLeft,
        },
        reference: await referenceOf(row.label_set_id),
        validation: figures?.validation ?? null,
        test: figures?.test ?? null,
        device: row.device,
        modelId: model?.id ?? null,
        basedOn: row.based_on,
        error: row.error ? (JSON.parse(row.error) as Run['error']) : null,
        interruptedAt: row.state === 'interrupted' ? row.interrupted_at : null,
        startedAt: row.started_at,
        seconds: row.seconds,
      }
    },

    /** A resumed run reports the epochs before the checkpoint again: the newest figures of an epoch stand. */
    async keepEpoch(runId: string, figures: EpochFigures): Promise<void> {
      const row = {
        loss: figures.loss,
        accuracy: figures.accuracy,
        validation_loss: figures.validationLoss,
        validation_accuracy: figures.validationAccuracy,
        seconds: figures.seconds,
      }
      await db
        .insertInto('epoch')
        .values({ run_id: runId, epoch: figures.epoch, ...row })
        .onConflict((c) => c.columns(['run_id', 'epoch']).doUpdateSet(row))
        .execute()
    },
  }
}

const epochOf = (row: Row<'epoch'>): EpochFigures => ({
  epoch: row.epoch,
  loss: row.loss,
  accuracy: row.accuracy,
  validationLoss: row.validation_loss,
  validationAccuracy: row.validation_accuracy,
  seconds: row.seconds,
})
