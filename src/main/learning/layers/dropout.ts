import type { Tensor } from '@tensorflow/tfjs-node'
import type * as Tensorflow from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { seedAt, statelessRandom } from './stateless.ts'

/**
 * Dropout (Srivastava 2014), scaled while training so that nothing changes when grading. It draws from the step's feed, which
 * the model is applied with as `draw` (step.ts).
 * @param config `rate`: share of values set to 0. `place`: a number of its own within the network (stateless.ts).
 */
export function dropout(tf: Tf, config: { name: string; rate: number; place: number }): Tensorflow.layers.Layer {
  const { name, rate, place } = config
  class SeededDropout extends tf.layers.Layer {
    static className = 'SeededDropout'
    override computeOutputShape(shape: Tensorflow.Shape): Tensorflow.Shape {
      return shape
    }
    override call(inputs: Tensor | Tensor[], { training, draw }: { training?: boolean; draw?: Tensor }): Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs
      if (training !== true) return tf.clone(x)
      if (!draw) throw new Error('A network with dropout trains with a draw.')
      return tf.tidy(() => {
        const uniform = statelessRandom(tf, 'Uniform', x.shape, seedAt(tf, draw, place))
        const kept = tf.cast(tf.greaterEqual(uniform, rate), 'float32')
        return tf.mul(x, tf.mul(kept, 1 / (1 - rate)))
      })
    }
    override getConfig(): Tensorflow.serialization.ConfigDict {
      return { ...super.getConfig(), rate, place }
    }
  }
  return new SeededDropout({ name })
}
