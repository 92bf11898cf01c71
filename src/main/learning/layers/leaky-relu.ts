import type { Tensor } from '@tensorflow/tfjs-node'
import type * as Tensorflow from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { float32, nativeBackend } from './native.ts'

type Layer = Tensorflow.layers.Layer

/**
 * max(x, alpha x) as a layer, with TensorFlow's own gradient: the library's is five operations over the whole picture.
 * The gradient looks at the output, which has the input's sign, so that TensorFlow may fuse the forward step.
 * @param alpha 0 < alpha < 1
 */
export function leakyRelu(tf: Tf, config: { name: string; alpha: number }): Layer {
  const { name, alpha } = config
  class FusedLeakyRelu extends tf.layers.Layer {
    static className = 'FusedLeakyRelu'
    override computeOutputShape(shape: Tensorflow.Shape): Tensorflow.Shape {
      return shape
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      return apply(tf, Array.isArray(inputs) ? inputs[0]! : inputs, alpha)
    }
    override getConfig(): Tensorflow.serialization.ConfigDict {
      return { ...super.getConfig(), alpha }
    }
  }
  return new FusedLeakyRelu({ name })
}

function apply(tf: Tf, x: Tensor, alpha: number): Tensor {
  const backend = nativeBackend(tf)
  const attributes = [{ name: 'alpha', type: backend.binding.TF_ATTR_FLOAT, value: alpha }, float32(backend)]
  const operation = tf.customGrad((input, save) => {
    const value = backend.executeSingleOutput('LeakyRelu', attributes, [input as Tensor])
    ;(save as unknown as (tensors: Tensor[]) => void)([value])
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        backend.executeSingleOutput('LeakyReluGrad', attributes, [dy, saved[0]!]),
      ],
    }
  })
  return operation(x)
}
