import type { Scale } from '../../../preload/contract/common.ts'
import type { Recipe } from '../../../preload/contract/training.ts'
import type { Fold } from '../../domain/splits.ts'
import type { TrainResult } from '../../learning/types.ts'
import type { Row } from '../../store/schema.ts'
import type { Caller } from '../context.ts'
import type { LabelRow } from '../settling/labels.ts'
import type { StoredFigures, StoredFolds } from './runs.ts'

/** What a run ended with, as the registry of models takes it. */
export interface Trained {
  row: Row<'training_run'>
  labelSet: Row<'label_set'>
  labels: readonly LabelRow[]
  recipe: Recipe
  result: TrainResult
  figures: StoredFigures
  folds: Record<string, Fold>
  regions: StoredFolds['regions']
  reproduces: StoredFolds['reproduces']
  scale: Scale
}

/** Keeps a finished run's network. */
export type Register = (caller: Caller, trained: Trained) => Promise<void>
