import { blocks } from './blocks.ts'
import type { Maps } from './blocks.ts'
import { caffeColours } from './colours.ts'
import type { Network } from './network.ts'

/** Stages of blocks: filters of the narrow convolutions, number of blocks, stride of the first (He 2016, table 1). */
const stages: [filters: number, count: number, stride: number][] = [
  [64, 3, 1],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 2],
]

/**
 * ResNet50 (He, Zhang, Ren, Sun, CVPR 2016) as Keras has it: layer names are those of its weights files.
 *
 *   picture -> conv 7x7 / 2, 64 -> max-pool 3x3 / 2
 *           -> 16 blocks: [ 1x1, n -> 3x3, n -> 1x1, 4n ] + shortcut, batch normalisation after each, ReLU
 *           -> average over the picture -> dense, one a class -> softmax
 *
 * 25,636,712 parameters with 1000 classes.
 */
export const resnet50: Network = {
  name: 'resnet50',
  title: 'ResNet50',
  input: { edge: 224, channels: 3 },
  smallest: 32,
  published: 'keras',
  describe: () => 'Sixteen residual blocks, 50 layers, for pictures of 224 x 224: He 2016, as in Keras.',
  build(tf, shape) {
    const { picture, colour, pad, conv, normalise, activate, maxPool, add, average, head } = blocks(tf, shape)
    const unit = (x: Maps, name: string, filters: number, size: number, strides = 1): Maps => {
      const padding = size === 7 ? ('valid' as const) : ('same' as const)
      return normalise(conv(x, `${name}_conv`, filters, size, { strides, padding }), {
        name: `${name}_bn`,
        epsilon: 1.001e-5,
      })
    }
    const block = (x: Maps, name: string, filters: number, strides: number, widens: boolean): Maps => {
      const shortcut = widens ? unit(x, `${name}_0`, 4 * filters, 1, strides) : x
      x = activate(unit(x, `${name}_1`, filters, 1, strides), `${name}_1_relu`)
      x = activate(unit(x, `${name}_2`, filters, 3), `${name}_2_relu`)
      return activate(add([shortcut, unit(x, `${name}_3`, 4 * filters, 1)], `${name}_add`), `${name}_out`)
    }

    let x = activate(unit(pad(colour(picture, caffeColours), 'conv1_pad', 3), 'conv1', 64, 7, 2), 'conv1_relu')
    // A border of 0 is below nothing after ReLU, as Keras pads here.
    x = maxPool(pad(x, 'pool1_pad', 1), 'pool1_pool', 3, { strides: 2 })
    for (const [stage, [filters, count, stride]] of stages.entries()) {
      for (let number = 1; number <= count; number++) {
        const first = number === 1
        x = block(x, `conv${stage + 2}_block${number}`, filters, first ? stride : 1, first)
      }
    }
    return head('resnet50', picture, average(x, 'avg_pool'))
  },
}
