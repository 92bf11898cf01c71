import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import { ConcordError } from '../domain/error.ts'
import type { ModelToSave } from './model-file.ts'
import { quietTensorflow } from './tensorflow.ts'
import type { Head } from './networks/network.ts'
import type { FromLearner, MemoryRequest, TaskName, Tasks, ToLearner } from './protocol.ts'
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

export interface TaskOptions {
  /** Aborting ends the task with ConcordError `cancelled`, between two steps. */
  signal?: AbortSignal
  onProgress?(progress: Progress): void
}

export interface TrainTaskOptions extends TaskOptions {
  onEpoch?(figures: EpochFigures): void
}

interface Pending {
  options: TrainTaskOptions
  resolve(result: Tasks[TaskName]['result']): void
  reject(error: ConcordError): void
}

/**
 * The learner as the rest of the program sees it. The thread starts with the first task and ends when it has been idle for
 * a while, which gives TensorFlow's memory back to the system.
 */
export class LearnerHost {
  readonly #idleMs: number
  readonly #pending = new Map<number, Pending>()
  readonly #runs = new Map<string, number>()
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #nextId = 1

  /** @param idleMs How long the thread waits for more work before it ends. */
  constructor({ idleMs = 20_000 }: { idleMs?: number } = {}) {
    this.#idleMs = idleMs
  }

  /** Errors: those of train.ts, `cancelled`, `learner-crashed`, `learner-out-of-memory`, `learner-failed`. */
  async train(request: TrainRequest, options: TrainTaskOptions = {}): Promise<TrainResult> {
    if (this.#runs.has(request.runId)) throw new ConcordError('training-running', 'This run is training already.')
    this.#runs.set(request.runId, this.#nextId)
    try {
      return await this.#start('train', request, options)
    } finally {
      this.#runs.delete(request.runId)
    }
  }

  /** Grades scans with a stored model. Errors: those of infer.ts, and as `train`. */
  infer(request: InferRequest, options: TaskOptions = {}): Promise<ScanPrediction[]> {
    return this.#start('infer', request, options)
  }

  describe(network: string, asked: { classes: number; imageSize?: number; head?: Head }): Promise<NetworkDescription> {
    return this.#start('describe', { network, ...asked }, {})
  }

  /** Probabilities, one row a picture. Errors: those of run-network.ts, and as `train`. */
  run(request: RunRequest): Promise<number[][]> {
    return this.#start('run', request, {})
  }

  /** What a run would take and what there is. Errors: `network-unknown`, `picture-too-small`, and as `train`. */
  memory(request: MemoryRequest): Promise<MemoryNeed> {
    return this.#start('memory', request, {})
  }

  /** Where a stored model looks in one slice. Errors: those of heat.ts, and as `train`. */
  heat(request: Tasks['heat']['request']): Promise<Tasks['heat']['result']> {
    return this.#start('heat', request, {})
  }

  /** Stores a model: hundreds of megabytes with large networks, so the thread reads and writes them. Errors: those of model-file.ts, and as `train`. */
  saveModel(root: string, model: ModelToSave): Promise<Tasks['saveModel']['result']> {
    return this.#start('saveModel', { root, model }, {})
  }

  /** Writes, opens or keeps a model file. Errors: those of packages.ts, and as `train`. */
  modelFile(request: Tasks['modelFile']['request']): Promise<Tasks['modelFile']['result']> {
    return this.#start('modelFile', request, {})
  }

  /** Writes a stored model as TensorFlow.js loads it; the names of the files. Errors: those of tensorflow-js.ts, and as `train`. */
  tensorflowJs(request: Tasks['tensorflowJs']['request']): Promise<string[]> {
    return this.#start('tensorflowJs', request, {})
  }

  device(): Promise<Device> {
    return this.#start('device', null, {})
  }

  /** Halts a training run between two steps; nothing happens where it is not running. */
  pause(runId: string): void {
    this.#tell('pause', runId)
  }

  resume(runId: string): void {
    this.#tell('resume', runId)
  }

  /** Ends the thread. Running tasks end with `learner-crashed`; for a quiet end abort them first. */
  async end(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  #tell(kind: 'pause' | 'resume', runId: string): void {
    const id = this.#runs.get(runId)
    if (id !== undefined) this.#post({ kind, id })
  }

  #start<Name extends TaskName>(
    task: Name,
    request: Tasks[Name]['request'],
    options: TrainTaskOptions,
  ): Promise<Tasks[Name]['result']> {
    const { signal } = options
    if (signal?.aborted) return Promise.reject(new ConcordError('cancelled', 'Cancelled.'))
    const id = this.#nextId++
    const cancel = (): void => this.#post({ kind: 'cancel', id })
    signal?.addEventListener('abort', cancel)
    const ended = new Promise<Tasks[TaskName]['result']>((resolve, reject) => {
      this.#pending.set(id, { options, resolve, reject })
      this.#post({ kind: 'start', id, task, request } as ToLearner)
    })
    return ended.finally(() => {
      signal?.removeEventListener('abort', cancel)
      this.#pending.delete(id)
      this.#rest()
    })
  }

  #post(message: ToLearner): void {
    clearTimeout(this.#idle)
    if (message.kind === 'start') this.#worker ??= this.#open()
    this.#worker?.postMessage(message)
  }

  #open(): Worker {
    quietTensorflow()
    const worker = new Worker(entry('learner'))
    let cause = ''
    worker.on('message', (message: FromLearner) => this.#hear(message))
    worker.on('error', (error) => {
      cause = ` (${error instanceof Error ? error.message : String(error)})`
    })
    worker.on('exit', () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      const crashed = `The learning part stopped unexpectedly${cause}. Saved epochs are kept: start the run again to go on.`
      for (const { reject } of this.#pending.values()) reject(new ConcordError('learner-crashed', crashed))
    })
    return worker
  }

  #hear(message: FromLearner): void {
    const pending = this.#pending.get(message.id)
    if (!pending) return
    if (message.kind === 'progress') pending.options.onProgress?.(message.progress)
    else if (message.kind === 'epoch') pending.options.onEpoch?.(message.figures)
    else if (message.kind === 'done') pending.resolve(message.result)
    else pending.reject(new ConcordError(message.code, message.message, message.field))
  }

  /** Ends the thread after a while without work. */
  #rest(): void {
    if (this.#pending.size > 0 || !this.#worker) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      // Forgotten before it has ended, so that a task that comes meanwhile starts another.
      const worker = this.#worker
      this.#worker = undefined
      void worker?.terminate()
    }, this.#idleMs)
    this.#idle.unref()
  }
}
