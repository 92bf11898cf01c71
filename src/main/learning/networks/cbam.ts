import { channelStatistics, pictureStatistics, rowSum } from '../layers/picture.ts'
import { blocks } from './blocks.ts'
import type { Blocks, Maps } from './blocks.ts'
import type { Network, Tf } from './network.ts'

/** The thesis's parts. Each can be switched off, so that an ablation table shows what each is worth. */
export interface CbamParts {
  batchNorm: boolean
  activation: 'Relu' | 'Elu'
  channelAttention: boolean
  spatialAttention: boolean
}

/**
 * Of the running averages, as PyTorch has it. With Keras' 0.99 they follow after some 500 steps, which is many epochs of a small study:
 * held-out slices are graded by averages that are still wrong, and early stopping keeps the first epoch.
 */
const momentum = 0.9

/** Woo 2018: "reduction ratio"; kernel of the spatial attention. */
const [reduction, spatialKernel] = [8, 7]

/**
 * The thesis's proposal for grading motion: the slice network with batch normalisation, ReLU or ELU, and the convolutional
 * block attention module (Woo, Park, Lee, Kweon: CBAM, ECCV 2018) after each convolution.
 *
 *   slice -> [ conv 3x3 -> batch norm -> ReLU -> channel attention -> spatial attention -> max-pool 2x2 ] five times,
 *            16, 32, 64, 64, 128 filters
 *         -> average over the slice -> dense, one a grade -> softmax
 *
 * The thesis ends before its experiments and gives no sizes: five blocks as in the network it builds on (Walle 2023), the
 * filters chosen; "[15] recommends to use ELU non-linearity without batch normalization or ReLU with it", so `cbam` is
 * ReLU with it and `cbam-elu-no-bn` the other. A convolution followed by batch normalisation has no bias.
 */
function build(name: string, parts: CbamParts): Network['build'] {
  return (tf, shape) => {
    const layers = blocks(tf, shape)
    const { picture, conv, normalise, activate, maxPool, average, head } = layers
    let x = picture
    for (const [index, filters] of [16, 32, 64, 64, 128].entries()) {
      const block = index + 1
      x = conv(x, `conv${block}`, filters, 3, { useBias: !parts.batchNorm })
      if (parts.batchNorm) x = normalise(x, { name: `bn${block}`, momentum })
      x = activate(x, `activation${block}`, parts.activation)
      if (parts.channelAttention) x = channelAttention(tf, layers, x, `channel${block}`, filters)
      if (parts.spatialAttention) x = spatialAttention(tf, layers, x, `spatial${block}`)
      x = maxPool(x, `pool${block}`, 2)
    }
    return head(name, picture, average(x))
  }
}

/** M_c(F) = sigmoid(W1 ReLU(W0 avg(F)) + W1 ReLU(W0 max(F))), one factor a channel; W0 and W1 shared (Woo 2018, eq. 2). */
function channelAttention(tf: Tf, layers: Blocks, x: Maps, name: string, channels: number): Maps {
  const { dense, reshape, activation } = tf.layers
  const { through, next } = layers
  const narrow = { units: channels / reduction, activation: 'relu' as const, useBias: false }
  const w0 = dense({ name: `${name}_w0`, ...narrow, kernelInitializer: next() })
  const w1 = dense({ name: `${name}_w1`, units: channels, useBias: false, kernelInitializer: next() })
  // Both descriptions of a picture as two rows, so that the dense layers are applied once.
  const rows = through(w1, through(w0, through(pictureStatistics(tf, `${name}_pools`), x)))
  const factors = through(
    activation({ name: `${name}_sigmoid`, activation: 'sigmoid' }),
    through(rowSum(tf, `${name}_sum`), rows),
  )
  const each = through(reshape({ name: `${name}_each`, targetShape: [1, 1, channels] }), factors)
  return layers.multiply([x, each], name)
}

/** M_s(F) = sigmoid(conv 7x7 of [avg(F); max(F)] over the channels), one factor a position (Woo 2018, eq. 3). */
function spatialAttention(tf: Tf, { through, conv, multiply }: Blocks, x: Maps, name: string): Maps {
  const maps = through(channelStatistics(tf, `${name}_maps`), x)
  const one = conv(maps, `${name}_conv`, 1, spatialKernel, { useBias: false })
  return multiply([x, through(tf.layers.activation({ name: `${name}_sigmoid`, activation: 'sigmoid' }), one)], name)
}

function row(parts: CbamParts): Network {
  const { batchNorm, activation, channelAttention, spatialAttention } = parts
  const without = [
    ...(batchNorm ? [] : ['no-bn']),
    ...(channelAttention || spatialAttention
      ? [...(channelAttention ? [] : ['no-channel']), ...(spatialAttention ? [] : ['no-spatial'])]
      : ['no-attention']),
  ]
  const name = ['cbam', ...(activation === 'Elu' ? ['elu'] : []), ...without].join('-')
  const contents = [
    activation === 'Elu' ? 'ELU' : 'ReLU',
    ...(batchNorm ? ['batch normalisation'] : []),
    ...(channelAttention ? ['channel attention'] : []),
    ...(spatialAttention ? ['spatial attention'] : []),
  ]
  return {
    name,
    title: name === 'cbam' ? 'Proposal with CBAM' : `Proposal: ${contents.join(', ')}`,
    input: { edge: 512, channels: 1 },
    smallest: 32,
    ...(name === 'cbam' ? {} : { variantOf: 'cbam' }),
    describe: () =>
      `Five 3 x 3 convolutions (16, 32, 64, 64, 128) with max-pooling and ${contents.join(', ')}: the proposal of the 2023 ` +
      'thesis on grading motion.',
    build: build(name, parts),
  }
}

const either = [true, false]

/**
 * Every combination of the parts: `cbam`, then `-elu`, `-no-bn`, `-no-channel`, `-no-spatial` or `-no-attention` in this order,
 * such as `cbam-elu-no-bn-no-spatial`. The first is the proposal itself.
 */
export const cbamNetworks: readonly Network[] = (['Relu', 'Elu'] as const).flatMap((activation) =>
  either.flatMap((batchNorm) =>
    either.flatMap((channelAttention) =>
      either.map((spatialAttention) => row({ activation, batchNorm, channelAttention, spatialAttention })),
    ),
  ),
)

/** The rows of the thesis's ablation table: the proposal, then with one part changed or switched off. */
export const ablation = [
  'cbam',
  'cbam-elu-no-bn',
  'cbam-no-bn',
  'cbam-elu',
  'cbam-no-channel',
  'cbam-no-spatial',
  'cbam-no-attention',
  'cbam-no-bn-no-attention',
] as const
