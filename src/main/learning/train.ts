import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { loadCheckpoint, recipeDigest, saveCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { trainingSlices } from './batches.ts'
import type { TrainingSlices } from './batches.ts'
import { deviceOf, versionsOf } from './device.ts'
import { memoryNeed, requireMemory } from './memory.ts'
import { networkNamed } from './networks/index.ts'
import { storeScans } from './prepare.ts'
import type { StoredScan } from './prepare.ts'
import { predictStored, sliceFigures } from './scoring.ts'
import { checkTrainRequest, preprocessingOf } from './request.ts'
import { headOf, runner } from './runner.ts'
import type { Runner } from './runner.ts'
import { encodeArrays } from './safetensors.ts'
import { SliceStore } from './slice-store.ts'
import type { Tensorflow } from './tensorflow.ts'
import type { Turns } from './turns.ts'
import type { EpochFigures, Fold, Progress, TrainRequest, TrainResult, TrainScan } from './types.ts'
import { openWeights } from './weights/load.ts'
import type { OpenWeights } from './weights/load.ts'
import { writeWhole } from './write-file.ts'

export interface TrainOptions {
  turns: Turns
  onEpoch(figures: EpochFigures): void
  onProgress(progress: Progress): void
}

/**
 * Trains a network as the request says, from the start or from its checkpoint.
 * @throws ConcordError as request.ts, memory.ts, prepare.ts and checkpoint.ts say; `training-diverged`, `cancelled`.
 */
export async function train(
  tensorflow: Tensorflow,
  request: TrainRequest,
  options: TrainOptions,
): Promise<TrainResult> {
  checkTrainRequest(request)
  const network = networkNamed(request.network)
  requireMemory(memoryNeed(tensorflow.tf, request, tensorflow.allocator?.statistics() ?? null))
  const began = performance.now()
  const how = preprocessingOf(request)
  mkdirSync(request.checkpointFolder, { recursive: true })
  const store = new SliceStore(join(request.checkpointFolder, 'slices.f32'), request.imageSize ** 2)
  let run: Runner | undefined
  let pretrained: OpenWeights | null = null
  try {
    const idle: Progress = { ...start, epochs: request.epochs }
    const stored = await storeScans(request.scans, how, store, options.turns, (done) =>
      options.onProgress({ ...idle, stage: 'preparing', done, total: request.scans.length }),
    )
    const part = (fold: Fold): Part => partOf(request, stored, fold)
    const training = part('train')
    const slices = trainingSlices(request, training.scans, training.stored, store)
    options.onProgress({ ...idle, stage: 'loading', total: 1 })
    await options.turns.next()
    if (request.pretrained) pretrained = await openWeights(network, request.pretrained)
    run = runner(tensorflow.tf, network, request, slices.sizes, pretrained)
    const state = await runEpochs(request, options, run, slices, part('validation'), store)

    run.engine.write(state.best)
    const weightsPath = join(request.checkpointFolder, 'weights.safetensors')
    writeWhole(weightsPath, encodeArrays(state.best, { format: 'pt', network: network.name }))
    const heldOut = async (fold: Fold): Promise<TrainResult['test']> => {
      const { stored: scans } = part(fold)
      const report = (done: number): void =>
        options.onProgress({ ...idle, stage: 'predicting', done, total: scans.length })
      return predictStored(request, scans, store, run!.predictor, options.turns, report)
    }
    return {
      runId: request.runId,
      epochsRun: state.history.length,
      bestEpoch: state.bestEpoch,
      history: state.history,
      weightsPath,
      preprocessing: how,
      head: headOf(request),
      validation: await heldOut('validation'),
      test: await heldOut('test'),
      device: deviceOf(tensorflow),
      versions: versionsOf(tensorflow),
      engine: run.engine.kind,
      seconds: (performance.now() - began - options.turns.pausedMs) / 1000,
      imagesPerSecond: state.imagesPerSecond,
    }
  } finally {
    run?.dispose()
    pretrained?.close()
    store.dispose()
  }
}

const start: Progress = {
  stage: 'loading',
  epoch: 0,
  epochs: 0,
  done: 0,
  total: 0,
  loss: null,
  imagesPerSecond: null,
  secondsLeft: null,
  paused: false,
}

interface Part {
  scans: TrainScan[]
  stored: StoredScan[]
}

function partOf(request: TrainRequest, stored: StoredScan[], fold: Fold): Part {
  const inside = request.scans.map((scan) => scan.fold === fold)
  return { scans: request.scans.filter((_, i) => inside[i]), stored: stored.filter((_, i) => inside[i]) }
}

/** Runs epochs until all are done or the patience is over; a checkpoint after each. */
async function runEpochs(
  request: TrainRequest,
  options: TrainOptions,
  run: Runner,
  slices: TrainingSlices,
  validation: Part,
  store: SliceStore,
): Promise<Checkpoint & { imagesPerSecond: number }> {
  const path = join(request.checkpointFolder, 'checkpoint.safetensors')
  const recipe = recipeDigest(request)
  const saved = request.resume ? loadCheckpoint(path, recipe) : null
  const state: Checkpoint = saved ?? { steps: 0, history: [], bestEpoch: 0, variables: new Map(), best: new Map() }
  if (saved) run.engine.write(saved.variables)
  const clock = new StepClock(options.turns)
  while (state.history.length < request.epochs && !outOfPatience(request, state)) {
    const epoch = state.history.length + 1
    const trained = await runEpoch(request, options, run, slices, state, epoch, clock)
    const validated = await validate(request, options, run, validation, store, epoch)
    const figures: EpochFigures = {
      epoch,
      loss: trained.loss,
      accuracy: trained.accuracy,
      validationLoss: validated?.loss ?? null,
      validationAccuracy: validated?.accuracy ?? null,
      seconds: clock.lap(),
    }
    state.history.push(figures)
    state.variables = run.engine.read()
    if (state.bestEpoch === 0 || rankOf(figures) < rankOf(state.history[state.bestEpoch - 1]!)) {
      state.bestEpoch = epoch
      state.best = new Map(run.weights.map((name) => [name, state.variables.get(name)!]))
    }
    saveCheckpoint(path, recipe, state)
    options.onEpoch(figures)
  }
  return { ...state, imagesPerSecond: clock.imagesPerSecond }
}

/** What early stopping goes by: the lower the better. */
const rankOf = (figures: EpochFigures): number => figures.validationLoss ?? figures.loss

const outOfPatience = ({ patience }: TrainRequest, { history, bestEpoch }: Checkpoint): boolean =>
  patience > 0 && history.length - bestEpoch >= patience

async function runEpoch(
  request: TrainRequest,
  options: TrainOptions,
  run: Runner,
  slices: TrainingSlices,
  state: Checkpoint,
  epoch: number,
  clock: StepClock,
): Promise<{ loss: number; accuracy: number }> {
  let [loss, right, seen, done] = [0, 0, 0, 0]
  const total = Math.ceil(slices.count / request.batch)
  for (const batch of slices.epoch(epoch)) {
    await options.turns.next()
    state.steps++
    const result = clock.time(batch.size, () => run.step(batch, state.steps))
    if (!Number.isFinite(result.loss)) {
      throw new ConcordError(
        'training-diverged',
        `The loss stopped being a number in epoch ${epoch}: choose a lower learning rate and start the run anew.`,
      )
    }
    loss += result.loss * batch.size
    right += result.right
    seen += batch.size
    done++
    const left = (request.epochs - epoch) * slices.count + slices.count - seen
    options.onProgress({
      stage: 'training',
      epoch,
      epochs: request.epochs,
      done,
      total,
      loss: loss / seen,
      imagesPerSecond: clock.imagesPerSecond,
      secondsLeft: left / clock.imagesPerSecond,
      paused: false,
    })
  }
  return { loss: loss / seen, accuracy: right / seen }
}

async function validate(
  request: TrainRequest,
  options: TrainOptions,
  run: Runner,
  { scans, stored }: Part,
  store: SliceStore,
  epoch: number,
): Promise<{ loss: number; accuracy: number } | null> {
  if (scans.length === 0) return null
  const report = (done: number): void =>
    options.onProgress({ ...start, stage: 'validating', epoch, epochs: request.epochs, done, total: scans.length })
  const predictions = await predictStored(request, stored, store, run.predictor, options.turns, report)
  return sliceFigures(scans, predictions, request)
}

/** Time of the steps alone, and of whole epochs without their pauses. */
class StepClock {
  #stepMs = 0
  #images = 0
  #lapStart = performance.now()
  #lapPaused: number
  readonly #turns: Turns

  constructor(turns: Turns) {
    this.#turns = turns
    this.#lapPaused = turns.pausedMs
  }

  get imagesPerSecond(): number {
    return this.#stepMs > 0 ? this.#images / (this.#stepMs / 1000) : 0
  }

  time<T>(images: number, step: () => T): T {
    const began = performance.now()
    const result = step()
    this.#stepMs += performance.now() - began
    this.#images += images
    return result
  }

  /** Seconds since the last lap or the start. */
  lap(): number {
    const now = performance.now()
    const seconds = (now - this.#lapStart - (this.#turns.pausedMs - this.#lapPaused)) / 1000
    this.#lapStart = now
    this.#lapPaused = this.#turns.pausedMs
    return seconds
  }
}
