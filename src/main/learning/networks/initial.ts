import type * as Tensorflow from '@tensorflow/tfjs-node'
import { statelessRandom } from '../layers/stateless.ts'
import type { Tf } from './network.ts'

type Initializer = ReturnType<Tf['initializers']['zeros']>

/**
 * Initialisers in the order of the layers, each with a seed of its own: two layers of one shape never start equal.
 * Glorot uniform, Keras' default: uniform in +-sqrt(6 / (fan in + fan out)). Drawn by TensorFlow, since the library's
 * own takes half a minute for the 60 million weights of AlexNet.
 */
export function glorot(tf: Tf, seed: number | null): () => Initializer {
  if (seed === null) return () => tf.initializers.zeros()
  let layer = 0
  // The library exports its initialisers, but not the class that all of them extend.
  const Base = Object.getPrototypeOf(tf.initializers.zeros().constructor) as new () => Initializer
  class StatelessGlorot extends Base {
    static className = 'StatelessGlorot'
    readonly #place: number
    constructor(place: number) {
      super()
      this.#place = place
    }
    override apply(shape: Tensorflow.Shape): Tensorflow.Tensor {
      return tf.tidy(() => {
        const sizes = shape as number[]
        const field = sizes.slice(0, -2).reduce((product, edge) => product * edge, 1)
        const limit = Math.sqrt(6 / (field * (sizes.at(-2)! + sizes.at(-1)!)))
        const uniform = statelessRandom(tf, 'Uniform', sizes, tf.tensor1d([seed! | 0, this.#place], 'int32'))
        return tf.sub(tf.mul(uniform, 2 * limit), limit)
      })
    }
  }
  return () => new StatelessGlorot(++layer)
}
