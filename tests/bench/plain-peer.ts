import type { LayersModel, Tensor } from '@tensorflow/tfjs-node'
import { loadTensorflow } from '../../src/main/learning/tensorflow.ts'
import { noise } from './contender.ts'
import type { Job, Peer } from './peers.ts'

const classes = 5

/** The same networks as anyone would write them with tfjs-node. */
export function plainPeer(): Promise<Peer> {
  const { tf } = loadTensorflow()
  const build = ({ net, size }: Job): LayersModel => {
    const model = tf.sequential()
    const filters = net === 'bn' ? [16, 32, 64, 64, 128] : [16, 16, 16, 16, 16]
    for (const [block, count] of filters.entries()) {
      const input = block === 0 ? { inputShape: [size, size, 1] } : {}
      model.add(tf.layers.conv2d({ filters: count, kernelSize: 3, padding: 'same', useBias: net !== 'bn', ...input }))
      if (net === 'bn') model.add(tf.layers.batchNormalization({}))
      model.add(net === 'bn' ? tf.layers.elu() : tf.layers.leakyReLU({ alpha: 0.3 }))
      if (net === 'bn' || block < 4) model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
    }
    model.add(tf.layers.globalAveragePooling2d({}))
    if (net !== 'bn') model.add(tf.layers.dense({ units: 32, activation: 'relu' }))
    model.add(tf.layers.dense({ units: classes, activation: 'softmax' }))
    model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' })
    return model
  }
  const made = new Map<string, { model: LayersModel; pictures: Tensor; targets: Tensor }>()
  const peer: Peer = {
    name: 'plain tfjs-node',
    async run(job) {
      const key = JSON.stringify([job.net, job.size, job.batch])
      const { size, batch } = job
      const own = made.get(key) ?? {
        model: build(job),
        pictures: tf.tensor4d(noise(batch * size * size), [batch, size, size, 1]),
        targets: tf.oneHot(tf.range(0, batch, 1, 'int32').mod(classes).toInt(), classes),
      }
      made.set(key, own)
      const began = performance.now()
      for (let step = 0; step < job.steps; step++) {
        if (job.what === 'train') await own.model.trainOnBatch(own.pictures, own.targets)
        else tf.tidy(() => void (own.model.predict(own.pictures) as Tensor).dataSync())
      }
      return (performance.now() - began) / 1000
    },
    end: () => undefined,
  }
  return Promise.resolve(peer)
}
