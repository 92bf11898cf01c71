import { blocks } from './blocks.ts'
import type { Maps } from './blocks.ts'
import { signedColours } from './colours.ts'
import type { Network } from './network.ts'

/**
 * InceptionV3 (Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, CVPR 2016) as Keras has it. Keras leaves its convolutions
 * numbered in the order they are made, so the order below is that of its weights files.
 *
 *   picture -> conv 3x3 / 2, 32 -> 3x3, 32 -> 3x3, 64 -> max-pool -> 1x1, 80 -> 3x3, 192 -> max-pool
 *           -> three modules of 35 x 35 -> reduction -> four of 17 x 17, with 1x7 and 7x1 -> reduction -> two of 8 x 8
 *           -> average over the picture -> dense, one a class -> softmax; batch normalisation (no factor) after each
 *
 * 23,851,784 parameters with 1000 classes.
 */
export const inceptionv3: Network = {
  name: 'inceptionv3',
  title: 'InceptionV3',
  input: { edge: 299, channels: 3 },
  smallest: 75,
  published: 'keras',
  describe: () =>
    'Eleven inception modules with factorised convolutions for pictures of 299 x 299: Szegedy 2016, as in Keras.',
  build(tf, shape) {
    const { picture, colour, conv, normalise, activate, maxPool, averagePool, concat, average, head } = blocks(
      tf,
      shape,
    )
    let made = 0
    const unit = (
      x: Maps,
      filters: number,
      size: number | [number, number],
      strides = 1,
      padding: 'same' | 'valid' = 'same',
    ): Maps => {
      const number = made++ === 0 ? '' : `_${made - 1}`
      x = conv(x, `conv2d${number}`, filters, size, { strides, padding, useBias: false })
      return activate(normalise(x, { name: `batch_normalization${number}`, scale: false }), `activation${number}`)
    }
    const halve = (x: Maps, name: string): Maps => maxPool(x, name, 3, { strides: 2 })
    const pooled = (x: Maps, name: string, filters: number): Maps =>
      unit(averagePool(x, `${name}_pool`, 3, { strides: 1, padding: 'same' }), filters, 1)

    let x = unit(colour(picture, signedColours), 32, 3, 2, 'valid')
    x = unit(unit(x, 32, 3, 1, 'valid'), 64, 3)
    x = halve(x, 'pool1')
    x = unit(unit(x, 80, 1, 1, 'valid'), 192, 3, 1, 'valid')
    x = halve(x, 'pool2')

    for (const [index, pool] of [32, 64, 64].entries()) {
      const name = `mixed${index}`
      const branch1 = unit(x, 64, 1)
      const branch5 = unit(unit(x, 48, 1), 64, 5)
      const branch3 = unit(unit(unit(x, 64, 1), 96, 3), 96, 3)
      x = concat([branch1, branch5, branch3, pooled(x, name, pool)], name)
    }
    {
      const branch3 = unit(x, 384, 3, 2, 'valid')
      const double = unit(unit(unit(x, 64, 1), 96, 3), 96, 3, 2, 'valid')
      x = concat([branch3, double, halve(x, 'mixed3_pool')], 'mixed3')
    }
    for (const [index, narrow] of [128, 160, 160, 192].entries()) {
      const name = `mixed${4 + index}`
      const branch1 = unit(x, 192, 1)
      const branch7 = unit(unit(unit(x, narrow, 1), narrow, [1, 7]), 192, [7, 1])
      let double = unit(unit(x, narrow, 1), narrow, [7, 1])
      double = unit(unit(double, narrow, [1, 7]), narrow, [7, 1])
      double = unit(double, 192, [1, 7])
      x = concat([branch1, branch7, double, pooled(x, name, 192)], name)
    }
    {
      const branch3 = unit(unit(x, 192, 1), 320, 3, 2, 'valid')
      const branch7 = unit(unit(unit(unit(x, 192, 1), 192, [1, 7]), 192, [7, 1]), 192, 3, 2, 'valid')
      x = concat([branch3, branch7, halve(x, 'mixed8_pool')], 'mixed8')
    }
    for (const name of ['mixed9', 'mixed10']) {
      const branch1 = unit(x, 320, 1)
      const branch3 = unit(x, 384, 1)
      const wide3 = concat([unit(branch3, 384, [1, 3]), unit(branch3, 384, [3, 1])], `${name}_0`)
      const double = unit(unit(x, 448, 1), 384, 3)
      const wide9 = concat([unit(double, 384, [1, 3]), unit(double, 384, [3, 1])], `${name}_1`)
      x = concat([branch1, wide3, wide9, pooled(x, name, 192)], name)
    }
    return head('inceptionv3', picture, average(x, 'avg_pool'))
  },
}
