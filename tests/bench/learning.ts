import type { LayersModel, Tensor } from '@tensorflow/tfjs-node'
import { randomFrom } from '../../src/main/domain/random.ts'
import { networkNamed } from '../../src/main/learning/networks/index.ts'
import type { Tf } from '../../src/main/learning/networks/network.ts'
import { runner } from '../../src/main/learning/runner.ts'
import { loadTensorflow } from '../../src/main/learning/tensorflow.ts'

type Line = (name: string, value: number, unit: string, comparedWith: string, ratio: number) => void

const batch = 8
const classes = 5
const rounds = 5

/**
 * Slices a second of the Walle network, training and grading, beside the library's own layers model with the same
 * layers, batch, size and optimiser. The two take turns, so that what else the machine does falls on both; medians.
 */
export async function bench(line: Line): Promise<void> {
  const { tf } = loadTensorflow()
  for (const size of [256, 512]) {
    const ours = oursAt(tf, size)
    const plain = plainAt(tf, size)
    const rates: Record<'ours' | 'plain', { train: number[]; grade: number[] }> = {
      ours: { train: [], grade: [] },
      plain: { train: [], grade: [] },
    }
    // Once without counting: plans, pools and the optimiser's slots are made.
    for (const one of [ours, plain]) {
      await one.train()
      one.grade()
    }
    for (let round = 0; round < rounds; round++) {
      for (const [who, one] of [
        ['ours', ours],
        ['plain', plain],
      ] as const) {
        rates[who].train.push(await rate(one.train, size))
        rates[who].grade.push(await rate(one.grade, size))
      }
    }
    for (const [what, name] of [
      ['train', 'training'],
      ['grade', 'grading'],
    ] as const) {
      const value = median(rates.ours[what])
      const ratio = value / median(rates.plain[what])
      line(`Walle ${size} x ${size}, batch ${batch}, ${name}`, value, 'slices/s', 'plain tfjs-node', ratio)
    }
    ours.dispose()
    plain.dispose()
  }
}

interface Contender {
  train(): void | Promise<void>
  grade(): void
  dispose(): void
}

function oursAt(tf: Tf, size: number): Contender {
  const scale = { imageSize: size, batch, seed: 1, classes: [1, 2, 3, 4, 5], learningRate: 1e-3 }
  const run = runner(tf, networkNamed('walle2023'), scale, [batch])
  const pictures = noise(batch * size * size)
  const one = Array.from({ length: batch }, (_, index) =>
    pictures.subarray(index * size * size, (index + 1) * size * size),
  )
  const labels = Array.from({ length: batch }, (_, index) => index % classes)
  const targets = Float32Array.from(labels.flatMap((label) => [0, 1, 2, 3, 4].map((k) => (k === label ? 1 : 0))))
  const weights = new Float32Array(batch).fill(1 / batch)
  let step = 0
  return {
    train: () => void run.step({ size: batch, pictures, targets, weights, labels }, ++step),
    grade: () => void run.predictor.predict(one),
    dispose: () => run.dispose(),
  }
}

/** The same network as anyone would write it with tfjs-node. */
function plainAt(tf: Tf, size: number): Contender {
  const model = tf.sequential()
  for (let block = 1; block <= 5; block++) {
    const input = block === 1 ? { inputShape: [size, size, 1] } : {}
    model.add(tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', ...input }))
    model.add(tf.layers.leakyReLU({ alpha: 0.3 }))
    if (block < 5) model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
  }
  model.add(tf.layers.globalAveragePooling2d({}))
  model.add(tf.layers.dense({ units: 32, activation: 'relu' }))
  model.add(tf.layers.dense({ units: classes, activation: 'softmax' }))
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' })
  const pictures = tf.tensor4d(noise(batch * size * size), [batch, size, size, 1])
  const targets = tf.oneHot(tf.range(0, batch, 1, 'int32').mod(classes).toInt(), classes)
  return {
    train: async () => {
      await (model as LayersModel).trainOnBatch(pictures, targets)
    },
    grade: () => tf.tidy(() => void (model.predict(pictures) as Tensor).dataSync()),
    dispose: () => tf.dispose([pictures, targets, model as unknown as Tensor]),
  }
}

/** Slices a second over enough steps to take a second or so. */
async function rate(step: () => void | Promise<void>, size: number): Promise<number> {
  const steps = size > 256 ? 4 : 12
  const began = performance.now()
  for (let index = 0; index < steps; index++) await step()
  return (steps * batch) / ((performance.now() - began) / 1000)
}

function noise(length: number): Float32Array {
  const random = randomFrom('bench')
  return Float32Array.from({ length }, () => random.uniform())
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
