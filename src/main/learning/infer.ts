import { ConcordError } from '../domain/error.ts'
import type { Engine } from './engine.ts'
import { sizeOf } from './engine.ts'
import { loadModel } from './model-file.ts'
import type { Model } from './model-file.ts'
import { networkNamed } from './networks/index.ts'
import type { Tf } from './networks/network.ts'
import { predictScan } from './prediction.ts'
import { predictor } from './predictor.ts'
import type { Predictor } from './predictor.ts'
import { prepareScan } from './prepare.ts'
import { fastest } from './runner.ts'
import { modelVariables, predictProgram } from './step.ts'
import type { Turns } from './turns.ts'
import type { InferRequest, Progress, ScanPrediction } from './types.ts'

/** A stored model, ready to grade. */
export interface Grader {
  folder: string
  model: Model
  predictor: Predictor
  dispose(): void
}

/**
 * A stored model's network with its variables, and the weights to write into them.
 * @throws ConcordError as model-file.ts says; `model-foreign` where weights and network do not fit.
 */
export function builtModel(tf: Tf, folder: string, sha256?: string) {
  const model = loadModel(folder, sha256)
  const { network, classes, preprocessing, head = 'softmax' } = model.description
  const input: [number, number, number] = [preprocessing.imageSize, preprocessing.imageSize, 1]
  const built = networkNamed(network).build(tf, { inputShape: input, classes: classes.length, seed: null, head })
  const variables = modelVariables(built)
  for (const [name, { shape }] of variables) {
    if (model.weights.get(name)?.data.length === sizeOf(shape)) continue
    built.dispose()
    throw new ConcordError(
      'model-foreign',
      `The model's weights do not fit its network at ${name} (${shape.join(' x ')}).`,
    )
  }
  const weights = new Map([...variables.keys()].map((name) => [name, model.weights.get(name)!]))
  return { model, built, variables, weights }
}

/** @throws ConcordError as `builtModel` says. */
export function openGrader(tf: Tf, request: InferRequest): Grader {
  const { model, built, variables, weights } = builtModel(tf, request.modelFolder, request.sha256)
  let engine: Engine | undefined
  try {
    const program = predictProgram(built, request.batch ?? 8)
    engine = fastest(tf, variables, [program])
    engine.write(weights)
    return {
      folder: request.modelFolder,
      model,
      predictor: predictor(engine, program),
      dispose() {
        engine?.dispose()
        built.dispose()
      },
    }
  } catch (error) {
    engine?.dispose()
    built.dispose()
    throw error
  }
}

/** Grades scans one after another, in their order. */
export async function infer(
  grader: Grader,
  request: InferRequest,
  turns: Turns,
  onProgress: (progress: Progress) => void,
): Promise<ScanPrediction[]> {
  const { classes, preprocessing } = grader.model.description
  const total = request.scans.length
  const began = performance.now()
  const result: ScanPrediction[] = []
  let images = 0
  for (const scan of request.scans) {
    await turns.next()
    const { slices, pictures } = await prepareScan(scan, preprocessing)
    const rows = grader.predictor.predict(pictures)
    const perSlice = rows.map((probabilities, index) => ({ slice: slices[index]!, probabilities }))
    result.push(predictScan(scan.scanId, perSlice, classes, request.rescanFrom))
    images += pictures.length
    const seconds = (performance.now() - began - turns.pausedMs) / 1000
    onProgress({
      stage: 'predicting',
      epoch: 0,
      epochs: 0,
      done: result.length,
      total,
      loss: null,
      imagesPerSecond: images / seconds,
      secondsLeft: (seconds / result.length) * (total - result.length),
      paused: false,
    })
  }
  return result
}
