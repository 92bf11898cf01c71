import type { Batch } from './batches.ts'
import { drawFeed } from './draw.ts'
import { eagerEngine } from './eager-engine.ts'
import type { Engine, Program } from './engine.ts'
import { graphEngine } from './graph/graph-engine.ts'
import { checkPictureSize } from './networks/index.ts'
import type { Head, Network, Tf } from './networks/network.ts'
import { mostProbable } from './prediction.ts'
import { predictor } from './predictor.ts'
import type { Predictor } from './predictor.ts'
import { modelVariables, predictProgram, trainable } from './step.ts'
import type { TrainRequest } from './types.ts'
import type { OpenWeights } from './weights/load.ts'

/** A network being trained. */
export interface Runner {
  engine: Engine
  predictor: Predictor
  /** Names of the network's own variables, without the optimiser's. */
  weights: string[]
  /** One update. @param step 1 for the run's first. */
  step(batch: Batch, step: number): { loss: number; right: number }
  dispose(): void
}

type Scale = Pick<
  TrainRequest,
  'imageSize' | 'seed' | 'batch' | 'classes' | 'learningRate' | 'optimiser' | 'gradientNoise' | 'loss' | 'focalGamma'
>

/** The last layer that a recipe's loss needs. */
export const headOf = ({ loss }: Pick<TrainRequest, 'loss'>): Head => (loss === 'coral' ? 'coral' : 'softmax')

/**
 * @param sizes      Batch sizes that will be stepped with.
 * @param pretrained Weights to start from; the last layer stays as drawn where the file has other classes.
 * @throws ConcordError `picture-too-small`; as weights/load.ts says.
 */
export function runner(
  tf: Tf,
  network: Network,
  request: Scale,
  sizes: number[],
  pretrained: OpenWeights | null = null,
): Runner {
  const { imageSize, seed, batch } = request
  const classes = request.classes.length
  checkPictureSize(network, imageSize)
  const head = headOf(request)
  const model = network.build(tf, { inputShape: [imageSize, imageSize, 1], classes, seed, head })
  const { optimiser, variables, trainStep } = trainable(tf, model, request)
  const steps = new Map(sizes.map((size) => [size, trainStep(size)]))
  const predicting = predictProgram(model, batch)
  const initial = pretrained?.arraysFor(model, { head: head === 'softmax' && pretrained.classes === classes })
  const engine = fastest(tf, variables, [...steps.values(), predicting])
  if (initial) engine.write(initial)
  return {
    engine,
    predictor: predictor(engine, predicting),
    weights: [...modelVariables(model).keys()],
    step({ size, pictures, targets, weights, labels }, number) {
      const fed = optimiser.feed(number, request.learningRate)
      const draw = drawFeed(seed, number, request.gradientNoise)
      const [loss, rows] = engine.run(steps.get(size)!, [pictures, targets, weights, fed, draw])
      const right = labels.filter((label, index) => {
        return mostProbable(rows!.subarray(index * classes, (index + 1) * classes)) === label
      }).length
      return { loss: loss![0]!, right }
    },
    dispose() {
      engine.dispose()
      for (const slot of optimiser.slots.values()) slot.dispose()
      model.dispose()
    },
  }
}

/** A graph where the network can be recorded; otherwise operation by operation, which every network can. */
export function fastest(tf: Tf, variables: Parameters<typeof eagerEngine>[1], programs: Program[]): Engine {
  const before = eagerEngine(tf, variables).read()
  try {
    return graphEngine(tf, variables, programs, before)
  } catch {
    // Recording ran a step: back to the first weights.
    const engine = eagerEngine(tf, variables)
    engine.write(before)
    return engine
  }
}
