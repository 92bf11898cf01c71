import { adaptiveAverage } from '../layers/picture.ts'
import { blocks } from './blocks.ts'
import { torchColours } from './colours.ts'
import type { Network } from './network.ts'

/**
 * AlexNet as torchvision has it, so that its weights load: the single-card variant (Krizhevsky: One weird trick for
 * parallelizing convolutional neural networks, 2014) of Krizhevsky, Sutskever, Hinton, NIPS 2012.
 *
 *   picture -> conv 11x11 / 4, 64 -> max-pool 3x3 / 2 -> conv 5x5, 192 -> max-pool 3x3 / 2
 *           -> conv 3x3, 384 -> conv 3x3, 256 -> conv 3x3, 256 -> max-pool 3x3 / 2 -> 6 x 6
 *           -> dense 4096 -> dense 4096 -> dense, one a class -> softmax; ReLU after each, dropout 1/2 before the first two
 *
 * 61,100,840 parameters with 1000 classes. The 2021 paper's 60,000,000 is the rounded figure of the 2012 abstract, whose
 * network has grouped convolutions over two cards and 96-256-384-384-256 filters (60,965,224).
 */
export const alexnet: Network = {
  name: 'alexnet',
  title: 'AlexNet',
  input: { edge: 227, channels: 3 },
  smallest: 63,
  published: 'torchvision',
  describe: () =>
    'Five convolutions and three dense layers for pictures of 227 x 227: Krizhevsky 2012 and 2014, as in torchvision.',
  build(tf, shape) {
    const { picture, colour, pad, conv, activate, maxPool, through, drop, dense, flatten, head } = blocks(tf, shape)
    let x = pad(colour(picture, torchColours), 'pad1', 2)
    x = activate(conv(x, 'conv1', 64, 11, { strides: 4, padding: 'valid' }), 'relu1')
    x = maxPool(x, 'pool1', 3, { strides: 2 })
    x = activate(conv(x, 'conv2', 192, 5), 'relu2')
    x = maxPool(x, 'pool2', 3, { strides: 2 })
    x = activate(conv(x, 'conv3', 384, 3), 'relu3')
    x = activate(conv(x, 'conv4', 256, 3), 'relu4')
    x = activate(conv(x, 'conv5', 256, 3), 'relu5')
    x = maxPool(x, 'pool5', 3, { strides: 2 })
    x = through(adaptiveAverage(tf, 'average', 6), x)
    // PyTorch lays maps out channel by channel: in that order the dense layer's weights fit as they are.
    x = flatten(through(tf.layers.permute({ name: 'channels_first', dims: [3, 1, 2] }), x))
    x = activate(dense(drop(x, 'dropout6', 0.5), 'dense6', 4096), 'relu6')
    x = activate(dense(drop(x, 'dropout7', 0.5), 'dense7', 4096), 'relu7')
    return head('alexnet', picture, x)
  },
}
