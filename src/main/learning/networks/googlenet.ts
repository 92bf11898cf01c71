import { blocks } from './blocks.ts'
import type { Maps } from './blocks.ts'
import { signedColours } from './colours.ts'
import type { Network } from './network.ts'

/** Filters of an inception module: 1x1; 3x3 after its reduction; the "5x5" after its reduction; after the pool. */
type Inception = [
  name: string,
  one: number,
  reduce3: number,
  three: number,
  reduce5: number,
  five: number,
  pool: number,
]

/** Szegedy 2015, table 1; a row without filters is a max-pool 3x3 or 2x2 of stride 2. */
const modules: (Inception | [name: string, pool: number])[] = [
  ['inception3a', 64, 96, 128, 16, 32, 32],
  ['inception3b', 128, 128, 192, 32, 96, 64],
  ['maxpool3', 3],
  ['inception4a', 192, 96, 208, 16, 48, 64],
  ['inception4b', 160, 112, 224, 24, 64, 64],
  ['inception4c', 128, 128, 256, 24, 64, 64],
  ['inception4d', 112, 144, 288, 32, 64, 64],
  ['inception4e', 256, 160, 320, 32, 128, 128],
  ['maxpool4', 2],
  ['inception5a', 256, 160, 320, 32, 128, 128],
  ['inception5b', 384, 192, 384, 48, 128, 128],
]

/**
 * GoogLeNet (Szegedy et al., CVPR 2015) as torchvision has it, so that its weights load.
 *
 *   picture -> conv 7x7 / 2, 64 -> max-pool -> conv 1x1, 64 -> conv 3x3, 192 -> max-pool
 *           -> nine inception modules, max-pool after the second and the seventh
 *           -> average over the picture -> dropout 0.2 -> dense, one a class -> softmax
 *
 * torchvision's variant has batch normalisation in place of biases and local response normalisation, and 3x3 kernels where
 * the paper has 5x5 (an error kept for its weights' sake). Its auxiliary outputs serve the training of the original
 * alone: not built, and skipped in a file. 6,624,904 parameters with 1000 classes; the 2021 paper's 6,797,700 is the sum of
 * the rounded column "params" of Szegedy's table 1 (2.7K + 112K + … + 1388K + 1000K), without biases.
 */
export const googlenet: Network = {
  name: 'googlenet',
  title: 'GoogLeNet',
  input: { edge: 224, channels: 3 },
  smallest: 32,
  published: 'torchvision',
  describe: () =>
    'Nine inception modules for pictures of 224 x 224: Szegedy 2015, with batch normalisation as in torchvision.',
  build(tf, shape) {
    const { picture, colour, pad, conv, normalise, activate, maxPool, concat, average, drop, head } = blocks(tf, shape)
    const unit = (x: Maps, name: string, filters: number, size: number, strides = 1): Maps => {
      const padding = strides === 1 ? ('same' as const) : ('valid' as const)
      x = conv(x, `${name}.conv`, filters, size, { strides, padding, useBias: false })
      return activate(normalise(x, { name: `${name}.bn`, momentum: 0.9 }), `${name}.relu`)
    }
    const halve = (x: Maps, name: string, size: number): Maps => maxPool(x, name, size, { strides: 2, padding: 'same' })
    const inception = (x: Maps, [name, one, reduce3, three, reduce5, five, pool]: Inception): Maps =>
      concat(
        [
          unit(x, `${name}.branch1`, one, 1),
          unit(unit(x, `${name}.branch2.0`, reduce3, 1), `${name}.branch2.1`, three, 3),
          unit(unit(x, `${name}.branch3.0`, reduce5, 1), `${name}.branch3.1`, five, 3),
          unit(maxPool(x, `${name}.pool`, 3, { strides: 1, padding: 'same' }), `${name}.branch4.1`, pool, 1),
        ],
        name,
      )

    let x = unit(pad(colour(picture, signedColours), 'pad1', 3), 'conv1', 64, 7, 2)
    x = halve(x, 'maxpool1', 3)
    x = unit(unit(x, 'conv2', 64, 1), 'conv3', 192, 3)
    x = halve(x, 'maxpool2', 3)
    for (const row of modules) x = row.length === 2 ? halve(x, row[0], row[1]) : inception(x, row)
    return head('googlenet', picture, drop(average(x), 'dropout', 0.2))
  },
}
