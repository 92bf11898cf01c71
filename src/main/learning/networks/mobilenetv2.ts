import { blocks } from './blocks.ts'
import type { Maps } from './blocks.ts'
import { signedColours } from './colours.ts'
import type { Network } from './network.ts'

/** Expansion, output channels, blocks, stride of the first (Sandler 2018, table 2). */
const stages: [expansion: number, channels: number, count: number, stride: number][] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

/**
 * MobileNetV2 (Sandler, Howard, Zhu, Zhmoginov, Chen, CVPR 2018) as Keras has it: layer names are those of its weights files.
 *
 *   picture -> conv 3x3 / 2, 32
 *           -> 17 blocks: 1x1, t c -> ReLU6 -> depthwise 3x3 -> ReLU6 -> 1x1, c' (linear), + input where shapes agree
 *           -> conv 1x1, 1280 -> average over the picture -> dense, one a class -> softmax; batch normalisation after each
 *
 * 3,538,984 parameters with 1000 classes.
 */
export const mobilenetv2: Network = {
  name: 'mobilenetv2',
  title: 'MobileNetV2',
  input: { edge: 224, channels: 3 },
  smallest: 32,
  published: 'keras',
  describe: () => 'Seventeen inverted residual blocks for pictures of 224 x 224: Sandler 2018, as in Keras.',
  build(tf, shape) {
    const { picture, colour, conv, depthwise, normalise, activate, add, average, head } = blocks(tf, shape)
    const bn = (x: Maps, name: string): Maps => normalise(x, { name, momentum: 0.999 })
    const pointwise = (x: Maps, name: string, filters: number): Maps => conv(x, name, filters, 1, { useBias: false })
    const block = (x: Maps, name: string, expansion: number, channels: number, strides: number): Maps => {
      const input = x
      const before = x.shape[3]!
      if (expansion > 1) {
        x = bn(pointwise(x, `${name}_expand`, expansion * before), `${name}_expand_BN`)
        x = activate(x, `${name}_expand_relu`, 'Relu6')
      }
      x = bn(depthwise(x, `${name}_depthwise`, 3, strides), `${name}_depthwise_BN`)
      x = activate(x, `${name}_depthwise_relu`, 'Relu6')
      x = bn(pointwise(x, `${name}_project`, channels), `${name}_project_BN`)
      return strides === 1 && before === channels ? add([input, x], `${name}_add`) : x
    }

    let x = conv(colour(picture, signedColours), 'Conv1', 32, 3, { strides: 2, useBias: false })
    x = activate(bn(x, 'bn_Conv1'), 'Conv1_relu', 'Relu6')
    let number = 0
    for (const [expansion, channels, count, stride] of stages) {
      for (let repeat = 0; repeat < count; repeat++, number++) {
        const name = number === 0 ? 'expanded_conv' : `block_${number}`
        x = block(x, name, expansion, channels, repeat === 0 ? stride : 1)
      }
    }
    x = activate(bn(pointwise(x, 'Conv_1', 1280), 'Conv_1_bn'), 'out_relu', 'Relu6')
    return head('mobilenetv2', picture, average(x))
  },
}
