import type { Rank } from '@tensorflow/tfjs-node'
import { parentPort } from 'node:worker_threads'
import { loadTensorflow } from '../../../src/main/learning/tensorflow.ts'

/** A worker thread that owns TensorFlow and does what the tests ask for by name. */
const GIB = 2 ** 30
const { tf, version, allocator, device } = loadTensorflow()
if (!allocator) throw new Error('The addon has no allocator of its own.')

/** Five convolutions on 512 x 512 pictures of one channel; at batch 16 its largest tensor is 256 MiB. */
function network() {
  const model = tf.sequential()
  ;[16, 32, 64, 64, 64].forEach((filters, layer) => {
    const first = layer === 0 ? { inputShape: [512, 512, 1] } : {}
    const initial = tf.initializers.heNormal({ seed: layer + 1 })
    model.add(
      tf.layers.conv2d({
        filters,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: initial,
        ...first,
      }),
    )
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
  })
  model.add(tf.layers.globalAveragePooling2d({}))
  model.add(
    tf.layers.dense({ units: 5, activation: 'softmax', kernelInitializer: tf.initializers.heNormal({ seed: 9 }) }),
  )
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' })
  return model
}

type Message = { what: string; size?: number; steps?: number }

const work = {
  about: () => ({ version, device }),
  statistics: () => allocator.statistics(),
  trim: () => allocator.trim(),
  cap: ({ size = 0 }: Message) => allocator.setCap(size),

  /** Fills a tensor of `size` GiB with twos and adds it up. */
  large: ({ size = 1 }: Message) => {
    const tensor = tf.fill([size * 256, 1024, 1024], 2)
    const inUse = allocator.statistics().inUse
    const mean = tf.mean(tensor).dataSync()[0]
    tensor.dispose()
    return { inUse, mean, freed: inUse - allocator.statistics().inUse === size * GIB }
  },

  /** Brings 64 MiB from JavaScript into TensorFlow; the array changes afterwards, the tensor must not. */
  upload: () => {
    const source = new Float32Array(2 ** 24).fill(3)
    const tensor = tf.tensor1d(source)
    const before = tf.mean(tensor).dataSync()[0]
    source.fill(100)
    const after = tf.mean(tensor).dataSync()[0]
    tensor.dispose()
    return { before, after }
  },

  /** What comes back of each type of tensor. */
  types: () =>
    tf.tidy(() => ({
      float32: [...tf.add(tf.tensor1d([1.5, -2]), 0).dataSync()],
      int32: [...tf.add(tf.tensor1d([7, -8], 'int32'), tf.scalar(0, 'int32')).dataSync()],
      bool: [...tf.logicalNot(tf.tensor1d([true, false], 'bool')).dataSync()],
      complex64: [...tf.add(tf.complex([1, 2], [3, 4]), tf.complex([0, 0], [1, 1])).dataSync()],
      string: tf.concat([tf.tensor1d(['Wert']), tf.tensor1d(['Übung'])]).dataSync(),
      empty: tf.add(tf.tensor2d([], [0, 3]), 1).shape,
      scalar: tf.add(tf.scalar(4), 1).dataSync()[0],
    })),

  /** A string of megabytes that TensorFlow makes and the addon frees: `size` pixels of noise as a PNG, and back. */
  picture: async ({ size = 1024 }: Message) => {
    const noise = tf.randomUniform<Rank.R3>([size, size, 3], 0, 256, 'int32', 5)
    const bytes = await tf.node.encodePng(noise)
    const back = tf.node.decodePng(bytes)
    const same = tf.all(tf.equal(back, noise)).dataSync()[0]
    tf.dispose([noise, back])
    return { bytes: bytes.length, same }
  },

  /** Trains on `size` pictures for `steps` steps; the losses, and the bytes in use after each step. */
  train: async ({ size = 4, steps = 3 }: Message) => {
    const model = network()
    const pictures = tf.randomUniform([size, 512, 512, 1], 0, 1, 'float32', 7)
    const classes = Int32Array.from({ length: size }, (_, index) => index % 5)
    const grades = tf.oneHot(tf.tensor1d(classes, 'int32'), 5)
    const losses: number[] = []
    const inUse: number[] = []
    for (let step = 0; step < steps; step++) {
      parentPort!.postMessage({ step })
      losses.push((await model.trainOnBatch(pictures, grades)) as number)
      inUse.push(allocator.statistics().inUse)
    }
    tf.dispose([pictures, grades])
    model.dispose()
    return { losses, inUse }
  },

  /** Operations with many attributes, as fast as they go: two threads at once share the set of attribute names. */
  operations: ({ steps = 500 }: Message) => {
    let sum = 0
    for (let step = 0; step < steps; step++) {
      sum += tf.tidy(() => {
        const picture = tf.ones<Rank.R4>([1, 8, 8, 1])
        const pooled = tf.avgPool(tf.conv2d(picture, tf.ones([3, 3, 1, 2]), 1, 'same'), 2, 2, 'valid')
        return tf.sum(tf.transpose(pooled, [0, 3, 1, 2])).dataSync()[0]!
      })
    }
    return sum / steps
  },
}

parentPort!.on('message', (message: Message) => {
  void (async () => {
    try {
      const value = await work[message.what as keyof typeof work](message)
      parentPort!.postMessage({ value })
    } catch (error) {
      parentPort!.postMessage({ error: error instanceof Error ? error.message : String(error) })
    }
  })()
})
