import type { LayersModel, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node'
import type { Program } from './engine.ts'
import { adam } from './adam.ts'
import { drawSize } from './draw.ts'
import { coralLoss, coralProbabilities } from './layers/coral.ts'
import { softmaxCrossEntropy } from './layers/cross-entropy.ts'
import { focalLoss } from './layers/focal.ts'
import { squaredEmd } from './layers/squared-emd.ts'
import { seedAt, statelessRandom } from './layers/stateless.ts'
import type { Tf } from './networks/network.ts'
import type { Optimiser } from './optimiser.ts'
import { sgdm } from './sgdm.ts'
import type { TrainRequest } from './types.ts'

/** A network with what training it needs. */
export interface Trainable {
  model: LayersModel
  optimiser: Optimiser
  /** All that changes, by name: what a checkpoint holds. */
  variables: ReadonlyMap<string, Variable>
  /**
   * One step on `batch` slices. Feeds: pictures [batch, h, w, c]; targets [batch, classes], rows sum to 1; weights
   * [batch], which the loss is the weighted sum of, so they carry the division by the batch; the optimiser's feed; the step's draw (draw.ts).
   * Outputs: the loss; probabilities [batch, classes] before the step.
   */
  trainStep(batch: number): Program
}

/** The variables of a model by layer and role, e.g. `conv1/kernel`: the names in a weights file. */
export function modelVariables(model: LayersModel, which: 'all' | 'trainable' = 'all'): Map<string, Variable> {
  const weights = which === 'all' ? model.weights : model.trainableWeights
  return new Map(weights.map((weight) => [weight.originalName, weight.read() as unknown as Variable]))
}

/** How a step goes, apart from its numbers. With the loss `coral` the network is built with the head `coral`. */
export type StepOptions = Pick<TrainRequest, 'optimiser' | 'gradientNoise' | 'loss' | 'focalGamma'>

/** Draws of gradient noise start behind those of the network's layers. */
const noisePlaces = 1000

export function trainable(tf: Tf, model: LayersModel, options: StepOptions = {}): Trainable {
  const learned = modelVariables(model, 'trainable')
  const optimiser = (options.optimiser === 'sgdm' ? sgdm : adam)(tf, learned)
  const logits = tf.model({ inputs: model.inputs, outputs: model.getLayer('logits').output })
  const [, ...picture] = model.inputs[0]!.shape as number[]
  const classes = (model.outputs[0]!.shape as number[])[1]!
  const { loss: name, focalGamma = 2 } = options
  const loss = (output: Tensor2D, targets: Tensor2D): Tensor => {
    if (name === 'coral') return coralLoss(tf, output, targets)
    if (name === 'squared-emd') return squaredEmd(tf, output, targets)
    return name === 'focal' ? focalLoss(tf, output, targets, focalGamma) : softmaxCrossEntropy(tf, output, targets)
  }
  const noisy = (gradient: Tensor, draw: Tensor, index: number): Tensor => {
    if (!options.gradientNoise) return gradient
    const seed = seedAt(tf, tf.slice(draw, 0, 2), noisePlaces + index)
    return tf.add(gradient, tf.mul(statelessRandom(tf, 'Normal', gradient.shape, seed), tf.slice(draw, 2, 1)))
  }
  const names = new Map([...learned].map(([name, variable]) => [variable.name, name]))
  return {
    model,
    optimiser,
    variables: new Map([...modelVariables(model), ...optimiser.slots]),
    trainStep: (batch) => ({
      name: `train${batch}`,
      feeds: [[batch, ...picture], [batch, classes], [batch], [optimiser.feeds], [drawSize]],
      compute([pictures, targets, weights, fed, draw]) {
        let output: Tensor2D | undefined
        const { value, grads } = tf.variableGrads(() => {
          const seeds = tf.slice(draw!, 0, 2)
          output = tf.keep(logits.apply(pictures!, { training: true, draw: seeds }) as Tensor2D)
          return tf.sum(tf.mul(loss(output, targets as Tensor2D), weights!))
        }, [...learned.values()])
        const probabilities = name === 'coral' ? coralProbabilities(tf, output!) : tf.softmax(output!)
        output!.dispose()
        const gradients = Object.entries(grads).map(
          ([name, gradient], index) => [names.get(name)!, noisy(gradient, draw!, index)] as const,
        )
        optimiser.apply(new Map(gradients), fed!)
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
