import { parentPort } from 'node:worker_threads'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-node'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { eagerEngine } from '../../../src/main/learning/eager-engine.ts'
import { camProgram, lastMaps } from '../../../src/main/learning/grad-cam.ts'
import { graphEngine } from '../../../src/main/learning/graph/graph-engine.ts'
import { adaptiveAverage } from '../../../src/main/learning/layers/picture.ts'
import { networkNamed } from '../../../src/main/learning/networks/index.ts'
import type { Head } from '../../../src/main/learning/networks/network.ts'
import { plainModel } from '../../../src/main/learning/plain-model.ts'
import { modelVariables } from '../../../src/main/learning/step.ts'
import { loadTensorflow } from '../../../src/main/learning/tensorflow.ts'

// TensorFlow's own arithmetic, in a thread of its own; the test judges the numbers.
const { tf } = loadTensorflow()
const random = randomFrom('grad-cam')
const noise = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.uniform())
const largest = (values: Iterable<number>): number => [...values].reduce((top, v) => Math.max(top, Math.abs(v)), 0)
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Float64Array.from(a, (value, index) => value - b[index]!))

function build(name: string, edge: number, head: Head = 'softmax', classes = 3) {
  return networkNamed(name).build(tf, { inputShape: [edge, edge, 1], classes, seed: 5, head })
}

function slopes(name: string, edge: number, head?: Head) {
  const model = build(name, edge, head)
  const layer = lastMaps(model)
  const program = camProgram(tf, model, layer)
  const feeds = [noise(edge * edge), Float32Array.of(0, 1, 0)]
  const before = tf.memory().numTensors
  const [heat, probabilities, slope, maps] = eagerEngine(tf, modelVariables(model)).run(program, feeds)
  const left = tf.memory().numTensors - before
  const recorded = graphEngine(tf, modelVariables(model), [program])
  const again = recorded.run(program, feeds)
  recorded.dispose()

  // The score once more, without a gradient: one value of the maps is moved up and down.
  const shape = layer.outputShape as number[]
  const size = shape.slice(1).reduce((all, n) => all * n, 1)
  const tail = tf.model({
    inputs: model.inputs,
    outputs: [model.getLayer('logits').output as never, model.outputs[0]!],
  })
  const picture = tf.tensor(feeds[0]!, [1, edge, edge, 1])
  const scoreWith = (at: number, by: number): number => {
    const shift = new Float32Array(size)
    shift[at] = by
    const call = layer.call.bind(layer)
    layer.call = (inputs, more) => tf.add(call(inputs, more) as Tensor, tf.tensor(shift, [1, ...shape.slice(1)]))
    const [z, p] = tf.tidy(() => tail.apply(picture, { training: false }) as [Tensor2D, Tensor2D])
    delete (layer as { call?: unknown }).call
    return head === 'coral' ? Math.log(p.dataSync()[1]!) : z.dataSync()[1]!
  }
  // Small beside the maps, so that no maximum changes its place within it; a logarithm of float32 needs more.
  const step = head === 'coral' ? 2 ** -7 : largest(maps!) * 2 ** -10
  // Not where a map is 0: there a ReLU or a tie of the pooling has a slope on either side.
  const places = Array.from({ length: 500 }, () => random.integer(size))
    .filter((at) => maps![at] !== 0)
    .slice(0, 12)
  const differences = places.map((at) => (scoreWith(at, step) - scoreWith(at, -step)) / (2 * step))
  return {
    layer: layer.name,
    cells: shape.slice(1, 3),
    left,
    largestSlope: largest(slope!),
    finite: apart(
      places.map((at) => slope![at]!),
      differences,
    ),
    graph: largest([heat, probabilities, slope, maps].map((values, i) => apart(values!, again[i]!))),
    heat: [...heat!],
    sum: [...probabilities!].reduce((a, b) => a + b),
  }
}

function portable(name: string, edge: number, head?: Head): number {
  const model = build(name, edge, head)
  const plain = plainModel(tf, model)
  const picture = tf.tensor(noise(2 * edge * edge), [2, edge, edge, 1])
  const [own, other] = [model, plain].map((one) => (one.apply(picture, { training: false }) as Tensor).dataSync())
  const classes = new Set(plain.layers.map((one) => one.getClassName()))
  for (const ours of ['FusedActivation', 'FusedLeakyRelu', 'FusedBatchNorm', 'SeededDropout', 'Lambda', 'CoralLogits'])
    if (classes.has(ours)) throw new Error(`${ours} is left in ${name}`)
  return apart(own!, other!)
}

/** AlexNet's pooling alone: the whole network has 57 million weights. */
function portableAverage(edge: number): number {
  const input = tf.input({ shape: [edge, edge + 3, 2] })
  const averaged = adaptiveAverage(tf, 'average', 6).apply(input)
  const flat = tf.layers.flatten().apply(averaged)
  const logits = tf.layers.dense({ name: 'logits', units: 3 }).apply(flat)
  const model = tf.model({
    inputs: input,
    outputs: tf.layers.softmax({ name: 'probabilities' }).apply(logits) as never,
  })
  const x = tf.tensor(noise(edge * (edge + 3) * 2), [1, edge, edge + 3, 2])
  const [own, other] = [model, plainModel(tf, model)].map((one) => (one.apply(x) as Tensor).dataSync())
  return apart(own!, other!)
}

const found = {
  slopes: {
    walle2023: slopes('walle2023', 32),
    cbam: slopes('cbam', 64),
    scratch4: slopes('scratch4', 32),
    ordinal: slopes('walle2023', 32, 'coral'),
    mobilenetv2: slopes('mobilenetv2', 64),
  },
  portable: {
    walle2023: portable('walle2023', 32),
    ordinal: portable('walle2023', 32, 'coral'),
    cbam: portable('cbam', 64),
    'cbam-elu-no-bn': portable('cbam-elu-no-bn', 64),
    scratch4: portable('scratch4', 32),
    mobilenetv2: portable('mobilenetv2', 64),
    googlenet: portable('googlenet', 64),
    inceptionv3: portable('inceptionv3', 96),
    resnet50: portable('resnet50', 64),
    average: portableAverage(7),
  },
}
export type GradCamFound = typeof found
parentPort?.postMessage(found)
