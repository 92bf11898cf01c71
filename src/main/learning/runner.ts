import type { Batch } from './batches.ts'
import { eagerEngine } from './eager-engine.ts'
import type { Engine, Program } from './engine.ts'
import { graphEngine } from './graph/graph-engine.ts'
import type { Network, Tf } from './networks/network.ts'
import { mostProbable } from './prediction.ts'
import { predictor } from './predictor.ts'
import type { Predictor } from './predictor.ts'
import { modelVariables, predictProgram, trainable } from './step.ts'
import type { TrainRequest } from './types.ts'

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

type Scale = Pick<TrainRequest, 'imageSize' | 'seed' | 'batch' | 'classes' | 'learningRate'>

/** @param sizes Batch sizes that will be stepped with. */
export function runner(tf: Tf, network: Network, request: Scale, sizes: number[]): Runner {
  const { imageSize, seed, batch } = request
  const classes = request.classes.length
  const model = network.build(tf, { inputShape: [imageSize, imageSize, 1], classes, seed })
  const { optimiser, variables, trainStep } = trainable(tf, model)
  const steps = new Map(sizes.map((size) => [size, trainStep(size)]))
  const predicting = predictProgram(model, batch)
  const engine = fastest(tf, variables, [...steps.values(), predicting])
  return {
    engine,
    predictor: predictor(engine, predicting),
    weights: [...modelVariables(model).keys()],
    step({ size, pictures, targets, weights, labels }, number) {
      const fed = optimiser.feed(number, request.learningRate)
      const [loss, rows] = engine.run(steps.get(size)!, [pictures, targets, weights, fed])
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
    return graphEngine(tf, variables, programs)
  } catch {
    // Recording ran a step: back to the first weights.
    const engine = eagerEngine(tf, variables)
    engine.write(before)
    return engine
  }
}
