import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-node'
import type * as Tensorflow from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { float32, nativeBackend } from './native.ts'
import type { NativeBackend, OpAttribute } from './native.ts'

export interface BatchNormConfig {
  name: string
  /** Added to the variance; Keras' 1e-3 where not given. */
  epsilon?: number
  /** Share of the running average that a step keeps; Keras' 0.99 where not given. */
  momentum?: number
  /** Whether a factor is learned beside the offset. */
  scale?: boolean
}

/**
 * Batch normalisation (Ioffe, Szegedy 2015) over channels, on TensorFlow's fused operation and its gradient: the library's
 * own decomposes it into a dozen operations over the whole picture, half of a training step's time. Weights as Keras
 * names them: gamma, beta, moving_mean, moving_variance.
 */
export function batchNorm(tf: Tf, config: BatchNormConfig): Tensorflow.layers.Layer {
  const { name, epsilon = 1e-3, momentum = 0.99, scale = true } = config
  const { zeros, ones } = tf.initializers
  const fused = fusedBatchNorm(tf, epsilon)
  class FusedBatchNorm extends tf.layers.Layer {
    static className = 'FusedBatchNorm'
    #gamma: Tensorflow.LayerVariable | undefined
    #beta!: Tensorflow.LayerVariable
    #mean!: Tensorflow.LayerVariable
    #variance!: Tensorflow.LayerVariable

    override build(shape: Tensorflow.Shape): void {
      const channels = [shape.at(-1)!]
      if (scale) this.#gamma = this.addWeight('gamma', channels, 'float32', ones())
      this.#beta = this.addWeight('beta', channels, 'float32', zeros())
      this.#mean = this.addWeight('moving_mean', channels, 'float32', zeros(), undefined, false)
      this.#variance = this.addWeight('moving_variance', channels, 'float32', ones(), undefined, false)
      this.built = true
    }
    override computeOutputShape(shape: Tensorflow.Shape): Tensorflow.Shape {
      return shape
    }
    override call(inputs: Tensor | Tensor[], { training }: Record<string, unknown>): Tensor {
      return tf.tidy(() => {
        const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
        const beta = this.#beta.read()
        const gamma = this.#gamma?.read() ?? tf.ones(beta.shape)
        if (training !== true) return fused.infer(x, gamma, beta, this.#mean.read(), this.#variance.read())
        const { y, mean, variance } = fused.train(x, gamma, beta)
        // TensorFlow returns the unbiased variance; Keras averages the biased one.
        const samples = x.size / x.shape[3]
        const moved = (old: Tensor, now: Tensor, share: number): Tensor =>
          tf.add(tf.mul(old, momentum), tf.mul(now, share))
        this.#mean.write(moved(this.#mean.read(), mean, 1 - momentum))
        this.#variance.write(moved(this.#variance.read(), variance, ((1 - momentum) * (samples - 1)) / samples))
        mean.dispose()
        variance.dispose()
        return y
      })
    }
    override getConfig(): Tensorflow.serialization.ConfigDict {
      return { ...super.getConfig(), epsilon, momentum, scale }
    }
  }
  return new FusedBatchNorm({ name })
}

function fusedBatchNorm(tf: Tf, epsilon: number) {
  const backend = nativeBackend(tf)
  return {
    infer: (...inputs: [x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor]): Tensor =>
      backend.executeMultipleOutputs('FusedBatchNormV3', attributes(backend, epsilon, false), inputs, 6)[0]!,
    /** `mean` and `variance` of the batch are the caller's to dispose of. */
    train(x: Tensor, gamma: Tensor, beta: Tensor): { y: Tensor; mean: Tensor; variance: Tensor } {
      const training = attributes(backend, epsilon, true)
      let moments: Tensor[] = []
      const operation = tf.customGrad((...all) => {
        const [input, factor, offset] = all as unknown as Tensor[]
        const save = all[3] as unknown as (tensors: Tensor[]) => void
        const none: Tensor1D = tf.tensor1d([])
        const [y, mean, variance, ...reserve] = backend.executeMultipleOutputs(
          'FusedBatchNormV3',
          training,
          [input!, factor!, offset!, none, none],
          6,
        )
        // Kept, because this scope ends before they are averaged.
        moments = [tf.keep(mean!), tf.keep(variance!)]
        save([input!, factor!, ...reserve])
        return {
          value: y!,
          gradFunc: (dy: Tensor, saved: Tensor[]) =>
            backend
              .executeMultipleOutputs('FusedBatchNormGradV3', training.slice(0, -1), [dy, ...saved], 5)
              .slice(0, 3),
        }
      })
      const y = operation(x, gamma, beta)
      return { y, mean: moments[0]!, variance: moments[1]! }
    },
  }
}

/** The gradient takes all but the last. */
function attributes(backend: NativeBackend, epsilon: number, training: boolean): OpAttribute[] {
  const { binding } = backend
  return [
    float32(backend),
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: training },
    { name: 'exponential_avg_factor', type: binding.TF_ATTR_FLOAT, value: 1 },
  ]
}
