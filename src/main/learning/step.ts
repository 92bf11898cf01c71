import type { LayersModel, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node'
import type { Program } from './engine.ts'
import { adam } from './adam.ts'
import type { Adam } from './adam.ts'
import { softmaxCrossEntropy } from './layers/cross-entropy.ts'
import type { Tf } from './networks/network.ts'

/** A network with what training it needs. */
export interface Trainable {
  model: LayersModel
  optimiser: Adam
  /** All that changes, by name: what a checkpoint holds. */
  variables: ReadonlyMap<string, Variable>
  /**
   * One step on `batch` slices. Feeds: pictures [batch, h, w, c]; targets [batch, classes], rows sum to 1; weights
   * [batch], which the loss is the weighted sum of, so they carry the division by the batch; the optimiser's feed.
   * Outputs: the loss; probabilities [batch, classes] before the step.
   */
  trainStep(batch: number): Program
}

/** The variables of a model by layer and role, e.g. `conv1/kernel`: the names in a weights file. */
export function modelVariables(model: LayersModel, which: 'all' | 'trainable' = 'all'): Map<string, Variable> {
  const weights = which === 'all' ? model.weights : model.trainableWeights
  return new Map(weights.map((weight) => [weight.originalName, weight.read() as unknown as Variable]))
}

export function trainable(tf: Tf, model: LayersModel): Trainable {
  const learned = modelVariables(model, 'trainable')
  const optimiser = adam(tf, learned)
  const logits = tf.model({ inputs: model.inputs, outputs: model.getLayer('logits').output })
  const [, ...picture] = model.inputs[0]!.shape as number[]
  const classes = (model.outputs[0]!.shape as number[])[1]!
  const names = new Map([...learned].map(([name, variable]) => [variable.name, name]))
  return {
    model,
    optimiser,
    variables: new Map([...modelVariables(model), ...optimiser.slots]),
    trainStep: (batch) => ({
      name: `train${batch}`,
      feeds: [[batch, ...picture], [batch, classes], [batch], [optimiser.feeds]],
      compute([pictures, targets, weights, fed]) {
        let output: Tensor2D | undefined
        const { value, grads } = tf.variableGrads(() => {
          output = tf.keep(logits.apply(pictures!, { training: true }) as Tensor2D)
          return tf.sum(tf.mul(softmaxCrossEntropy(tf, output, targets as Tensor2D), weights!))
        }, [...learned.values()])
        const probabilities = tf.softmax(output!)
        output!.dispose()
        optimiser.apply(new Map(Object.entries(grads).map(([name, gradient]) => [names.get(name)!, gradient])), fed!)
        return [value, probabilities]
      },
    }),
  }
}

/** Probabilities [batch, classes] of pictures [batch, h, w, c]. */
export function predictProgram(model: LayersModel, batch: number): Program {
  const [, ...picture] = model.inputs[0]!.shape as number[]
  return {
    name: `predict${batch}`,
    feeds: [[batch, ...picture]],
    compute: ([pictures]) => [model.apply(pictures!, { training: false }) as Tensor],
  }
}
