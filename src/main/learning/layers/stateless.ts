import type { Tensor } from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { nativeBackend } from './native.ts'

/**
 * Random numbers that follow from a seed alone, so that both engines draw alike and a resumed run draws as before.
 * @param kind Uniform in [0, 1) or standard normal.
 * @param seed int32 [2]
 */
export function statelessRandom(tf: Tf, kind: 'Uniform' | 'Normal', shape: number[], seed: Tensor): Tensor {
  const backend = nativeBackend(tf)
  const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding
  return tf.tidy(() =>
    backend.executeSingleOutput(
      `StatelessRandom${kind}`,
      [
        { name: 'dtype', type, value: TF_FLOAT },
        { name: 'T', type, value: TF_INT32 },
        { name: 'Tseed', type, value: TF_INT32 },
      ],
      [tf.tensor1d(shape, 'int32'), seed],
    ),
  )
}

/**
 * The seed of one of a step's draws.
 * @param draw  float32 [2] as `drawFeed` makes it.
 * @param place Number of the draw within the step, 0 to 99,999: two places never share a seed within a step.
 */
export function seedAt(tf: Tf, draw: Tensor, place: number): Tensor {
  return tf.tidy(() => tf.add(tf.cast(draw, 'int32'), tf.tensor1d([0, place << 8], 'int32')))
}
