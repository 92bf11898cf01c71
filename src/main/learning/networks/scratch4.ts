import { blocks } from './blocks.ts'
import type { Network } from './network.ts'

/**
 * The network trained from scratch of the 2021 paper on osteoporosis (section 3.5, figure 9): "5 layers; 4 convolutional
 * layers and one fully connected layer. The first 3 convolutional layers were followed by a max pooling layer, and the
 * fully connected layer was followed by a soft max function".
 *
 *   slice -> conv 3x3, 16 -> ReLU -> max-pool 2x2
 *         -> conv 3x3, 32 -> ReLU -> max-pool 2x2
 *         -> conv 3x3, 64 -> ReLU -> max-pool 2x2
 *         -> conv 3x3, 128 -> ReLU -> fully connected, one a grade -> softmax
 *
 * The text gives neither kernels nor filters, nor the picture: 3 x 3 and 16-32-64-128 are chosen, and 224 as for the
 * networks it is compared with. The fully connected layer takes every position of the last maps, so it grows with the
 * picture.
 */
export const scratch4: Network = {
  name: 'scratch4',
  title: 'Four convolutions',
  input: { edge: 224, channels: 1 },
  smallest: 8,
  describe: () =>
    'Four 3 x 3 convolutions (16, 32, 64, 128), the first three with max-pooling, and one fully connected layer: the ' +
    'network trained from scratch of the 2021 paper on osteoporosis and majority voting.',
  build(tf, shape) {
    const { picture, conv, activate, maxPool, flatten, head } = blocks(tf, shape)
    let x = picture
    for (const [index, filters] of [16, 32, 64, 128].entries()) {
      const block = index + 1
      x = activate(conv(x, `conv${block}`, filters, 3), `relu${block}`)
      if (block < 4) x = maxPool(x, `pool${block}`, 2)
    }
    return head('scratch4', picture, flatten(x))
  },
}
