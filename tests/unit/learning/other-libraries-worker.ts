import { parentPort } from 'node:worker_threads'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-node'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { eagerEngine } from '../../../src/main/learning/eager-engine.ts'
import { camProgram, lastMaps } from '../../../src/main/learning/grad-cam.ts'
import { coralLoss } from '../../../src/main/learning/layers/coral.ts'
import { focalLoss } from '../../../src/main/learning/layers/focal.ts'
import { squaredEmd } from '../../../src/main/learning/layers/squared-emd.ts'
import { networkNamed } from '../../../src/main/learning/networks/index.ts'
import { modelVariables } from '../../../src/main/learning/step.ts'
import { loadTensorflow } from '../../../src/main/learning/tensorflow.ts'

// What the program says of given weights, pictures and answers, for another library to say it too.
const { tf } = loadTensorflow()
const random = randomFrom('other libraries')
const drawn = (size: number, spread = 1): number[] =>
  Array.from(Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * spread))

/** Grad-CAM of one picture for each of three grades. */
function maps(name: string, edge: number) {
  const model = networkNamed(name).build(tf, { inputShape: [edge, edge, 1], classes: 3, seed: 3 })
  // Biases start at 0, which would hide that one of them is left out.
  model.setWeights(model.getWeights().map((one) => (one.shape.length === 1 ? tf.tensor1d(drawn(one.size, 0.1)) : one)))
  const layer = lastMaps(model)
  const program = camProgram(tf, model, layer)
  const picture = drawn(edge * edge)
  const engine = eagerEngine(tf, modelVariables(model))
  return {
    ...{ edge, picture, layer: layer.name },
    weights: model.getWeights().map((one) => ({ shape: one.shape, values: [...one.dataSync()] })),
    found: [0, 1, 2].map((grade) => {
      const asked = Float32Array.from([0, 1, 2], (k) => (k === grade ? 1 : 0))
      const [heat, probabilities] = engine.run(program, [Float32Array.from(picture), asked])
      return { heat: [...heat!], probabilities: [...probabilities!] }
    }),
  }
}

const rows = 6
const grades = 5
/** Shares of votes: soft labels, as of readers who differ. */
const targets = Array.from({ length: rows }, () => {
  const parts = Array.from({ length: grades }, () => random.uniform())
  const all = parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part) => part / all)
})

/** A loss of each row, and the slopes of their sum. */
function loss(columns: number, of: (logits: Tensor2D, targets: Tensor2D) => Tensor) {
  const logits = Array.from({ length: rows }, () => drawn(columns, 3))
  const shares = tf.tensor2d(targets)
  const z = tf.tensor2d(logits)
  return {
    logits,
    values: [...of(z, shares).dataSync()],
    slopes: tf
      .grad((at: Tensor) => tf.sum(of(at as Tensor2D, shares)))(z)
      .arraySync() as number[][],
  }
}

const said = {
  maps: { walle2023: maps('walle2023', 48), scratch4: maps('scratch4', 32) },
  targets,
  losses: {
    'squared-emd': loss(grades, (z, t) => squaredEmd(tf, z, t)),
    focal: loss(grades, (z, t) => focalLoss(tf, z, t, 2)),
    coral: loss(grades - 1, (z, t) => coralLoss(tf, z, t)),
  },
}
export type Said = typeof said
parentPort?.postMessage(said)
