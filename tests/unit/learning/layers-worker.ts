import { parentPort } from 'node:worker_threads'
import type { LayersModel, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { drawFeed } from '../../../src/main/learning/draw.ts'
import { eagerEngine } from '../../../src/main/learning/eager-engine.ts'
import { graphEngine } from '../../../src/main/learning/graph/graph-engine.ts'
import { activation } from '../../../src/main/learning/layers/activation.ts'
import { batchNorm } from '../../../src/main/learning/layers/batch-norm.ts'
import { coralLoss, coralProbabilities } from '../../../src/main/learning/layers/coral.ts'
import { softmaxCrossEntropy } from '../../../src/main/learning/layers/cross-entropy.ts'
import { dropout } from '../../../src/main/learning/layers/dropout.ts'
import { focalLoss } from '../../../src/main/learning/layers/focal.ts'
import { squaredEmd } from '../../../src/main/learning/layers/squared-emd.ts'
import { lossOf } from '../../../src/main/learning/loss-value.ts'
import { adaptiveAverage } from '../../../src/main/learning/layers/picture.ts'
import { checkPictureSize, networkNamed } from '../../../src/main/learning/networks/index.ts'
import type { StepOptions } from '../../../src/main/learning/step.ts'
import { modelVariables, trainable } from '../../../src/main/learning/step.ts'
import { loadTensorflow } from '../../../src/main/learning/tensorflow.ts'

/** Largest differences, and what else the tests look at. */
export interface Layers {
  batchNorm: { value: number; gradient: number; averages: number; graded: number }
  activations: Record<string, { value: number; gradient: number }>
  /** Share of values dropped, mean of what is left of ones, same for the same draw, another for another, graded untouched. */
  dropout: { dropped: number; mean: number; same: boolean; other: boolean; graded: boolean }
  /** Against the definition; with gamma near 0 against cross-entropy; the slope against a difference quotient. */
  focal: { value: number; slope: number; certainWeighsLess: boolean }
  /** By name: against the definition in numbers, and the slope against a difference quotient. */
  ordinal: Record<'coral' | 'squared-emd', { value: number; slope: number }>
  /** Rows of probabilities of trained and of disordered answers. */
  coralRows: number[][]
  adaptive: number
  /** First step of each network in both engines: the loss, and the slots relative to their largest. */
  recorded: Record<string, { kind: string; loss: number; moved: number }>
  /** Of one step without and with noise on the same gradients: mean and deviation over what was asked. */
  noise: { mean: number; deviation: number; again: boolean }
  /** Largest difference to the library's own optimiser. */
  sgdm: number
  /** Initial weights of two seeds: same for the same, spread as Glorot says. */
  initial: { same: boolean; other: boolean; limit: number; mean: number }
}

const { tf } = loadTensorflow()
const random = randomFrom('layers')
const drawn = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal())
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let worst = 0
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!))
  return worst
}
const apart = (a: Tensor, b: Tensor): number => difference(a.dataSync(), b.dataSync())

function normalisation(): Layers['batchNorm'] {
  const x = tf.tensor4d(drawn(5 * 4 * 4 * 3), [5, 4, 4, 3])
  const dy = tf.tensor4d(drawn(5 * 4 * 4 * 3), [5, 4, 4, 3])
  const ours = batchNorm(tf, { name: 'ours', momentum: 0.9 })
  const theirs = tf.layers.batchNormalization({ name: 'theirs', momentum: 0.9, epsilon: 1e-3 })
  for (const layer of [ours, theirs]) {
    layer.apply(tf.zeros([5, 4, 4, 3]))
    layer.setWeights([
      tf.tensor1d([0.5, 1, 2]),
      tf.tensor1d([0.1, -1, 3]),
      tf.tensor1d([0.2, 0, 1]),
      tf.tensor1d([1, 2, 3]),
    ])
  }
  const graded = apart(ours.apply(x) as Tensor, theirs.apply(x) as Tensor)
  const step = (layer: typeof ours) => (v: Tensor) => layer.apply(v, { training: true }) as Tensor
  const gradient = apart(tf.grad(step(ours))(x, dy), tf.grad(step(theirs))(x, dy))
  const value = apart(step(ours)(x), step(theirs)(x))
  const averages = Math.max(...ours.getWeights().map((weight, index) => apart(weight, theirs.getWeights()[index]!)))
  return { value, gradient, averages, graded }
}

function activations(): Layers['activations'] {
  const x = tf.tensor(drawn(400).map((value) => 4 * value))
  const dy = tf.tensor(drawn(400))
  const theirs = { Relu: tf.relu, Relu6: tf.relu6, Elu: tf.elu }
  return Object.fromEntries(
    (['Relu', 'Relu6', 'Elu'] as const).map((kind) => {
      const layer = activation(tf, kind, kind)
      const ours = (v: Tensor): Tensor => layer.apply(v) as Tensor
      const own = (v: Tensor): Tensor => theirs[kind](v)
      return [kind, { value: apart(ours(x), own(x)), gradient: apart(tf.grad(ours)(x, dy), tf.grad(own)(x, dy)) }]
    }),
  )
}

function dropped(): Layers['dropout'] {
  const layer = dropout(tf, { name: 'dropout', rate: 0.3, place: 1 })
  const ones = tf.ones([100, 200])
  const draw = (step: number): ArrayLike<number> =>
    (layer.apply(ones, { training: true, draw: tf.tensor(drawFeed(4, step)).slice(0, 2) }) as Tensor).dataSync()
  const first = Array.from(draw(1))
  return {
    dropped: first.filter((value) => value === 0).length / first.length,
    mean: first.reduce((sum, value) => sum + value, 0) / first.length,
    same: difference(first, draw(1)) === 0,
    other: difference(first, draw(2)) > 0,
    graded: apart(layer.apply(ones) as Tensor, ones) === 0,
  }
}

function focal(): Layers['focal'] {
  const logits = drawn(15)
  const shares = tf.softmax(tf.tensor2d(drawn(15), [5, 3]))
  const at = (values: Float32Array): Tensor => focalLoss(tf, tf.tensor2d(values, [5, 3]), shares, 2)
  const p = tf.softmax(tf.tensor2d(logits, [5, 3])).arraySync()
  const t = shares.arraySync()
  const expected = p.map((row, i) => -row.reduce((sum, q, k) => sum + t[i]![k]! * (1 - q) ** 2 * Math.log(q), 0))
  const slopes = tf.grad((v: Tensor) => tf.sum(focalLoss(tf, v as Tensor2D, shares, 2)))(tf.tensor2d(logits, [5, 3]))
  const total = (values: Float32Array): number => tf.sum(at(values)).dataSync()[0]!
  const step = 1e-2
  const quotients = Array.from(logits, (_, i) => {
    const moved = (by: number): Float32Array => logits.map((value, index) => (index === i ? value + by : value))
    return (total(moved(step)) - total(moved(-step))) / (2 * step)
  })
  const sure = tf.tensor2d([[4, 0, 0]])
  const certain = tf.tensor2d([[1, 0, 0]])
  const [weighed, plain] = [focalLoss(tf, sure, certain, 2), softmaxCrossEntropy(tf, sure, certain)]
  return {
    value: difference(at(logits).dataSync(), expected),
    slope: difference(slopes.dataSync(), quotients),
    certainWeighsLess: weighed.dataSync()[0]! < 0.01 * plain.dataSync()[0]!,
  }
}

function ordinal(): Pick<Layers, 'ordinal' | 'coralRows'> {
  const [rows, grades] = [6, 4]
  const shares = tf.softmax(tf.tensor2d(drawn(rows * grades), [rows, grades]))
  const targets = shares.arraySync()
  const check = (name: 'coral' | 'squared-emd', columns: number, start: Float32Array) => {
    const loss = name === 'coral' ? coralLoss : squaredEmd
    const at = (values: Float32Array): Tensor => loss(tf, tf.tensor2d(values, [rows, columns]), shares)
    const z = tf.tensor2d(start, [rows, columns])
    const p = (name === 'coral' ? coralProbabilities(tf, z) : tf.softmax(z)).arraySync()
    const slopes = tf
      .grad((v: Tensor) => tf.sum(loss(tf, v as Tensor2D, shares)))(z)
      .dataSync()
    const total = (values: Float32Array): number => tf.sum(at(values)).dataSync()[0]!
    const quotients = Array.from(start, (_, i) => {
      const moved = (by: number): Float32Array => start.map((value, index) => (index === i ? value + by : value))
      return (total(moved(1e-2)) - total(moved(-1e-2))) / 2e-2
    })
    const expected = p.map((row, i) => lossOf(targets[i]!, row, name))
    return { value: difference(at(start).dataSync(), expected), slope: difference(slopes, quotients) }
  }
  // Answers in order, as a trained layer gives them: each question is answered with yes less often than the one before.
  const inOrder = Float32Array.from({ length: rows * 3 }, (_, i) => Math.sin(i) * 0.3 + 1 - (i % 3))
  const disordered = tf.tensor2d([
    [2, 1, -3],
    [-3, 1, 2],
  ])
  return {
    ordinal: { coral: check('coral', 3, inOrder), 'squared-emd': check('squared-emd', grades, drawn(rows * grades)) },
    coralRows: coralProbabilities(tf, disordered).arraySync(),
  }
}

/** Seven by five positions onto 2 x 2 fields: rows 0-3 and 3-6, columns 0-2 and 2-4. */
function adaptive(): number {
  const x = tf.tensor4d(drawn(70), [1, 7, 5, 2])
  const layer = adaptiveAverage(tf, 'adaptive', 2)
  const part = (top: number, left: number): Tensor => tf.mean(tf.slice(x, [0, top, left, 0], [1, 4, 3, 2]), [1, 2])
  const expected = tf.stack([part(0, 0), part(0, 2), part(3, 0), part(3, 2)]).dataSync()
  return difference((layer.apply(x) as Tensor).dataSync(), expected)
}

const [batch, classes] = [3, 2]

function built(name: string, options: StepOptions, seed = 5) {
  const network = networkNamed(name)
  const edge = Math.max(network.smallest, 32)
  checkPictureSize(network, edge)
  const head = options.loss === 'coral' ? 'coral' : 'softmax'
  const parts = trainable(tf, network.build(tf, { inputShape: [edge, edge, 1], classes, seed, head }), options)
  return { ...parts, step: parts.trainStep(batch), pixels: batch * edge * edge }
}

type Built = ReturnType<typeof built>

function dispose({ model, optimiser }: Built): void {
  model.dispose()
  for (const slot of optimiser.slots.values()) slot.dispose()
}

const targets = Float32Array.of(1, 0, 0, 1, 0.5, 0.5)
const weights = new Float32Array(batch).fill(1 / batch)

/** One step; the values of all variables after it. */
function advance(one: Built, kind: 'graph' | 'eager', seed: number, eta?: number) {
  const engine = kind === 'graph' ? graphEngine(tf, one.variables, [one.step]) : eagerEngine(tf, one.variables)
  const pictures = Float32Array.from({ length: one.pixels }, (_, i) => Math.abs(Math.sin(i * 1.7 + (i % 31) * (i % 7))))
  const feeds = [pictures, targets, weights, one.optimiser.feed(1, 1e-3), drawFeed(seed, 1, eta)]
  const loss = engine.run(one.step, feeds)[0]![0]!
  const after = engine.read()
  engine.dispose()
  return { loss, after, kind: engine.kind }
}

function recorded(): Layers['recorded'] {
  const result: Layers['recorded'] = {}
  for (const name of [
    'cbam',
    'cbam-elu-no-bn',
    'scratch4',
    'mobilenetv2',
    'walle2023 coral',
    'walle2023 squared-emd',
  ]) {
    const [network, loss = 'cross-entropy'] = name.split(' ') as [string, StepOptions['loss']?]
    const both = [built(network, { optimiser: 'sgdm', loss }), built(network, { optimiser: 'sgdm', loss })]
    const [graph, eager] = [advance(both[0]!, 'graph', 3), advance(both[1]!, 'eager', 3)]
    let moved = 0
    for (const slot of both[0]!.optimiser.slots.keys()) {
      const [a, b] = [graph.after.get(slot)!.data, eager.after.get(slot)!.data]
      const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      // A convolution's bias before batch normalisation has no gradient but rounding.
      if (largest > 1e-7) moved = Math.max(moved, difference(a, b) / largest)
    }
    result[name] = { kind: graph.kind, loss: Math.abs(graph.loss - eager.loss), moved }
    both.forEach(dispose)
  }
  return result
}

function noise(): Layers['noise'] {
  const eta = 0.25
  const rate = 1e-3
  const step = (options: StepOptions): ReturnType<typeof advance>['after'] => {
    const one = built('cbam', { optimiser: 'sgdm', ...options })
    const { after } = advance(one, 'graph', 8, eta)
    dispose(one)
    return after
  }
  const [plain, noisy, again] = [step({}), step({ gradientNoise: eta }), step({ gradientNoise: eta })]
  const drawn: number[] = []
  for (const [name, { data }] of plain) {
    if (!name.startsWith('sgdm/')) continue
    data.forEach((value, i) => drawn.push((value - noisy.get(name)!.data[i]!) / rate))
  }
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
  const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length)
  const repeated = [...noisy].every(([name, { data }]) => difference(data, again.get(name)!.data) === 0)
  return { mean, deviation: deviation / Math.sqrt(eta), again: repeated }
}

function sgdm(): number {
  const one = built('scratch4', { optimiser: 'sgdm' })
  const other = built('scratch4', {})
  const theirs = tf.train.momentum(1e-2, 0.9)
  const engine = eagerEngine(tf, one.variables)
  const pictures = Float32Array.from({ length: one.pixels }, (_, i) => Math.abs(Math.sin(i)))
  for (let number = 1; number <= 4; number++) {
    engine.run(one.step, [pictures, targets, weights, one.optimiser.feed(number, 1e-2), drawFeed(1, number)])
    theirs.minimize(() => {
      const p = other.model.apply(tf.tensor(pictures, [batch, 32, 32, 1])) as Tensor
      const loss = tf.neg(tf.sum(tf.mul(tf.tensor(targets, [batch, classes]), tf.log(p)), 1))
      return tf.sum(tf.mul(loss, tf.tensor1d(weights)))
    })
  }
  const mine = modelVariables(one.model)
  return Math.max(...[...modelVariables(other.model)].map(([name, value]) => apart(value, mine.get(name)!)))
}

function initial(): Layers['initial'] {
  const start = (seed: number): Float32Array => {
    const { build } = networkNamed('scratch4')
    const model: LayersModel = build(tf, { inputShape: [32, 32, 1], classes: 2, seed })
    return Float32Array.from((modelVariables(model).get('conv4/kernel')! as unknown as Tensor4D).dataSync())
  }
  const [a, b, c] = [start(1), start(1), start(2)]
  return {
    same: difference(a, b) === 0,
    other: difference(a, c) > 0,
    limit: a.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / Math.sqrt(6 / (9 * (64 + 128))),
    mean: a.reduce((sum, value) => sum + value, 0) / a.length,
  }
}

parentPort!.postMessage({
  batchNorm: normalisation(),
  activations: activations(),
  dropout: dropped(),
  focal: focal(),
  ...ordinal(),
  adaptive: adaptive(),
  recorded: recorded(),
  noise: noise(),
  sgdm: sgdm(),
  initial: initial(),
} satisfies Layers)
