import type { HeatRequest, HeatResult } from './heat.ts'
import type { ModelToSave } from './model-file.ts'
import type { PackageContents, PackageRequest } from './packages.ts'
import type { TensorflowJsRequest } from './tensorflow-js.ts'
import type { Head } from './networks/network.ts'
import type {
  Device,
  EpochFigures,
  InferRequest,
  MemoryNeed,
  NetworkDescription,
  Progress,
  RunRequest,
  ScanPrediction,
  TrainRequest,
  TrainResult,
} from './types.ts'

/** The part of a recipe that decides what memory it takes. */
export type MemoryRequest = Pick<TrainRequest, 'network' | 'classes' | 'imageSize' | 'batch' | 'optimiser' | 'loss'>

/** Work the learner's thread can be asked for, with what it answers. */
export interface Tasks {
  train: { request: TrainRequest; result: TrainResult }
  infer: { request: InferRequest; result: ScanPrediction[] }
  describe: {
    request: { network: string; classes: number; imageSize?: number; head?: Head }
    result: NetworkDescription
  }
  run: { request: RunRequest; result: number[][] }
  memory: { request: MemoryRequest; result: MemoryNeed }
  heat: { request: HeatRequest; result: HeatResult }
  saveModel: { request: { root: string; model: ModelToSave }; result: { sha256: string; folder: string } }
  modelFile: { request: PackageRequest; result: PackageContents | null }
  tensorflowJs: { request: TensorflowJsRequest; result: string[] }
  device: { request: null; result: Device }
}

export type TaskName = keyof Tasks

/** Host to learner. `id` names the task that the other messages are about. */
export type ToLearner =
  | { [Name in TaskName]: { kind: 'start'; id: number; task: Name; request: Tasks[Name]['request'] } }[TaskName]
  | { kind: 'cancel' | 'pause' | 'resume'; id: number }

/** Learner to host. Small: pictures and weights travel as paths. */
export type FromLearner =
  | { kind: 'progress'; id: number; progress: Progress }
  | { kind: 'epoch'; id: number; figures: EpochFigures }
  | { kind: 'done'; id: number; result: Tasks[TaskName]['result'] }
  | { kind: 'failed'; id: number; code: string; message: string; field: string | undefined }
