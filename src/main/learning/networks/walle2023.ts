import { leakyRelu } from '../layers/leaky-relu.ts'
import { head } from './head.ts'
import { glorot } from './initial.ts'
import type { Network } from './network.ts'

/**
 * Walle, Eggemann, Atkins, Kendall, Stock, Müller, Collins: Motion grading of HR-pQCT supported by deep convolutional
 * neural networks. Bone 166:116607, 2023.
 *
 *   slice  -> conv 3x3, 16 -> LeakyReLU 0.3 -> max-pool 2x2 |
 *          -> conv 3x3, 16 -> LeakyReLU 0.3 -> max-pool 2x2 | "five alternating convolutional and
 *          -> conv 3x3, 16 -> LeakyReLU 0.3 -> max-pool 2x2 |  max-pooling layers
 *          -> conv 3x3, 16 -> LeakyReLU 0.3 -> max-pool 2x2 |
 *          -> conv 3x3, 16 -> LeakyReLU 0.3 -> average over the slice      followed by an average pooling layer
 *          -> dense 32, ReLU -> dense, one a grade -> softmax              and concluded by a dense layer"
 *
 * The published implementation (MotionScore) has four max-pools, the average standing in the fifth's place, and ReLU in
 * the dense layer: followed here.
 */
export const walle2023: Network = {
  name: 'walle2023',
  title: 'Walle 2023',
  input: { edge: 512, channels: 1 },
  smallest: 16,
  describe: () =>
    'Five 3 x 3 convolutions of 16 with LeakyReLU, max-pooling, average pooling and a dense layer of 32: the network for ' +
    'HR-pQCT motion of Walle et al., Bone 2023, as published with MotionScore.',
  build(tf, shape) {
    const { inputShape, seed } = shape
    const { conv2d, maxPooling2d, globalAveragePooling2d, dense } = tf.layers
    const next = glorot(tf, seed)
    const slice = tf.input({ shape: inputShape })
    let x = slice
    for (let block = 1; block <= 5; block++) {
      const convolution = { name: `conv${block}`, filters: 16, kernelSize: 3, padding: 'same' as const }
      x = conv2d({ ...convolution, kernelInitializer: next() }).apply(x) as typeof slice
      x = leakyRelu(tf, { name: `leaky${block}`, alpha: 0.3 }).apply(x) as typeof slice
      if (block < 5) x = maxPooling2d({ name: `pool${block}`, poolSize: 2 }).apply(x) as typeof slice
    }
    x = globalAveragePooling2d({ name: 'average' }).apply(x) as typeof slice
    x = dense({ name: 'dense', units: 32, activation: 'relu', kernelInitializer: next() }).apply(x) as typeof slice
    return head(tf, shape, { name: 'walle2023', picture: slice, x, kernel: next() })
  },
}
