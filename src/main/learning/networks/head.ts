import type * as Tensorflow from '@tensorflow/tfjs-node'
import { coralLogits, coralProbabilities } from '../layers/coral.ts'
import { lambda } from '../layers/picture.ts'
import type { NetworkShape, Tf } from './network.ts'

type Maps = Tensorflow.SymbolicTensor
type Initializer = ReturnType<Tf['initializers']['zeros']>

/**
 * The end of every network: `logits`, a dense layer, and `probabilities`, its softmax; or the ordinal layer of CORAL in their
 * place.
 */
export function head(
  tf: Tf,
  { classes, seed, head: kind = 'softmax' }: NetworkShape,
  { name, picture, x, kernel }: { name: string; picture: Maps; x: Maps; kernel: Initializer },
): Tensorflow.LayersModel {
  const { dense, softmax } = tf.layers
  const [logits, probabilities] =
    kind === 'coral'
      ? [
          coralLogits(tf, { name: 'logits', classes, kernel, fresh: seed !== null }),
          lambda(
            tf,
            'probabilities',
            ([batch]) => [batch!, classes],
            (z) => coralProbabilities(tf, z as unknown as Tensorflow.Tensor2D),
            { kind: 'ordinal' },
          ),
        ]
      : [dense({ name: 'logits', units: classes, kernelInitializer: kernel }), softmax({ name: 'probabilities' })]
  return tf.model({ name, inputs: picture, outputs: probabilities.apply(logits.apply(x)) as Maps })
}
