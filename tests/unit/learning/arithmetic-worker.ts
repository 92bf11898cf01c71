import { parentPort } from 'node:worker_threads'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { drawFeed } from '../../../src/main/learning/draw.ts'
import { eagerEngine } from '../../../src/main/learning/eager-engine.ts'
import type { Program } from '../../../src/main/learning/engine.ts'
import { graphEngine } from '../../../src/main/learning/graph/graph-engine.ts'
import { softmaxCrossEntropy } from '../../../src/main/learning/layers/cross-entropy.ts'
import { leakyRelu } from '../../../src/main/learning/layers/leaky-relu.ts'
import { walle2023 } from '../../../src/main/learning/networks/walle2023.ts'
import { fastest } from '../../../src/main/learning/runner.ts'
import { predictProgram, trainable } from '../../../src/main/learning/step.ts'
import { loadTensorflow } from '../../../src/main/learning/tensorflow.ts'

/** What the test compares; all of it computed here, where TensorFlow lives. */
export interface Arithmetic {
  /** Largest differences over ten steps of the same network in both engines. */
  engines: { loss: number; weights: number; probabilities: number; kinds: string[] }
  /** Tensors the library held after the tenth step and after the thirtieth, of the graph. */
  tensors: [number, number]
  /** Largest difference to the library's own operation, with its gradient. */
  leakyRelu: { value: number; gradient: number }
  crossEntropy: { value: number; gradient: number }
  /** Largest difference of a step of ours to the library's own optimiser. */
  adam: number
  /** What happened to programs that a graph cannot hold. */
  refused: {
    random: string
    reading: string
    outside: string
    fallback: string
    fallbackValue: number
    wrongFeed: string
  }
}

const { tf } = loadTensorflow()
const random = randomFrom('arithmetic')
const drawn = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform())
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from({ length: a.length }, (_, index) => Math.abs(a[index]! - b[index]!)))
const apart = (a: Tensor, b: Tensor): number => difference(a.dataSync(), b.dataSync())

const [size, batch, classes] = [32, 6, 3]

function network(kind: 'graph' | 'eager') {
  const parts = trainable(tf, walle2023.build(tf, { inputShape: [size, size, 1], classes, seed: 5 }))
  const [step, predict] = [parts.trainStep(batch), predictProgram(parts.model, batch)]
  const engine = kind === 'graph' ? graphEngine(tf, parts.variables, [step, predict]) : eagerEngine(tf, parts.variables)
  return { ...parts, step, predict, engine }
}

const pictures = drawn(batch * size * size)
const targets = Float32Array.from({ length: batch * classes }, (_, i) =>
  i % classes === Math.floor(i / classes) % classes ? 0.8 : 0.1,
)
const weights = drawn(batch)

function engines(): Pick<Arithmetic, 'engines' | 'tensors'> {
  const both = [network('graph'), network('eager')] as const
  let loss = 0
  const advance = (number: number): void => {
    const values = both.map((one) =>
      one.engine.run(one.step, [pictures, targets, weights, one.optimiser.feed(number, 1e-3), drawFeed(1, number)]),
    )
    loss = Math.max(loss, Math.abs(values[0]![0]![0]! - values[1]![0]![0]!))
  }
  for (let number = 1; number <= 10; number++) advance(number)
  const [graph, eager] = [both[0].engine.read(), both[1].engine.read()]
  const moved = Math.max(...[...graph].map(([name, { data }]) => difference(data, eager.get(name)!.data)))
  const rows = both.map((one) => one.engine.run(one.predict, [pictures])[0]!)
  const held = tf.memory().numTensors
  for (let number = 11; number <= 30; number++) advance(number)
  const tensors: [number, number] = [held, tf.memory().numTensors]
  const kinds = both.map((one) => one.engine.kind)
  for (const one of both) one.engine.dispose()
  return { engines: { loss, weights: moved, probabilities: difference(rows[0]!, rows[1]!), kinds }, tensors }
}

function operations(): Pick<Arithmetic, 'leakyRelu' | 'crossEntropy'> {
  const x = tf.tensor(
    drawn(60).map((value) => value - 0.5),
    [3, 20],
  )
  const dy = tf.tensor(drawn(60), [3, 20])
  const layer = leakyRelu(tf, { name: 'leaky', alpha: 0.3 })
  const [ours, theirs] = [(v: Tensor) => layer.apply(v) as Tensor, (v: Tensor) => tf.leakyRelu(v, 0.3)]

  const logits = tf.tensor2d(
    drawn(15).map((value) => 8 * value),
    [5, 3],
  )
  const shares = tf.softmax(tf.tensor2d(drawn(15), [5, 3]))
  const each = tf.tensor1d(drawn(5))
  const fused = (v: Tensor): Tensor => softmaxCrossEntropy(tf, v as Tensor2D, shares)
  const plain = (v: Tensor): Tensor => tf.neg(tf.sum(tf.mul(shares, tf.logSoftmax(v as Tensor2D)), 1))
  return {
    leakyRelu: { value: apart(ours(x), theirs(x)), gradient: apart(tf.grad(ours)(x, dy), tf.grad(theirs)(x, dy)) },
    crossEntropy: {
      value: apart(fused(logits), plain(logits)),
      gradient: apart(tf.grad(fused)(logits, each), tf.grad(plain)(logits, each)),
    },
  }
}

/** Five steps of our Adam beside tfjs's, on the same gradients. */
function adam(): number {
  const one = network('eager')
  const other = walle2023.build(tf, { inputShape: [size, size, 1], classes, seed: 5 })
  const theirs = tf.train.adam(1e-3, 0.9, 0.999, 1e-10)
  for (let number = 1; number <= 5; number++) {
    one.engine.run(one.step, [pictures, targets, weights, one.optimiser.feed(number, 1e-3), drawFeed(1, number)])
    theirs.minimize(() => {
      const p = other.apply(tf.tensor(pictures, [batch, size, size, 1])) as Tensor
      const loss = tf.neg(tf.sum(tf.mul(tf.tensor(targets, [batch, classes]), tf.log(p)), 1))
      return tf.sum(tf.mul(loss, tf.tensor1d(weights)))
    })
  }
  return Math.max(...one.model.getWeights().map((weight, index) => apart(weight, other.getWeights()[index]!)))
}

function refused(): Arithmetic['refused'] {
  const variable = tf.variable(tf.tensor1d([2]))
  const variables = new Map([['x', variable]])
  const outside = tf.square(tf.tensor1d([3]))
  const program = (compute: Program['compute']): Program => ({ name: 'p', feeds: [[1]], compute })
  const attempt = (compute: Program['compute']): string => {
    try {
      graphEngine(tf, variables, [program(compute)])
      return 'recorded'
    } catch (error) {
      return (error as Error).message
    }
  }
  // Assigns and reads what it computed: only the eager engine can.
  const reading = program(([fed]) => {
    const doubled = tf.mul(fed!, variable)
    if (doubled.dataSync()[0]! > -1) variable.assign(doubled as Tensor1D)
    return [doubled]
  })
  const engine = fastest(tf, variables, [reading])
  const fallbackValue = engine.run(reading, [Float32Array.of(5)])[0]![0]!
  let wrongFeed = 'run'
  try {
    engine.run(reading, [Float32Array.of(5, 6)])
  } catch (error) {
    wrongFeed = (error as Error).name
  }
  return {
    random: attempt(([fed]) => [tf.mul(fed!, Math.random())]),
    reading: attempt(reading.compute),
    outside: attempt(([fed]) => [tf.mul(fed!, outside)]),
    fallback: engine.kind,
    fallbackValue,
    wrongFeed,
  }
}

parentPort!.postMessage({ ...engines(), ...operations(), adam: adam(), refused: refused() } satisfies Arithmetic)
