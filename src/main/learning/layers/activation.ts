import type { Tensor } from '@tensorflow/tfjs-node'
import type * as Tensorflow from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { float32, nativeBackend } from './native.ts'

/** TensorFlow's operations, each with a gradient (`…Grad`) that looks at the output. */
export type Activation = 'Relu' | 'Relu6' | 'Elu'

/**
 * max(x, 0); min(max(x, 0), 6); or x where positive and e^x - 1 elsewhere (thesis, eqs 3.10 and 3.11 with alpha 1), as a
 * layer with TensorFlow's own gradient: the library's takes several operations over the whole picture.
 */
export function activation(tf: Tf, kind: Activation, name: string): Tensorflow.layers.Layer {
  const backend = nativeBackend(tf)
  const attributes = [float32(backend)]
  const operation = tf.customGrad((input, save) => {
    const value = backend.executeSingleOutput(kind, attributes, [input as Tensor])
    ;(save as unknown as (tensors: Tensor[]) => void)([value])
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        backend.executeSingleOutput(`${kind}Grad`, attributes, [dy, saved[0]!]),
      ],
    }
  })
  class FusedActivation extends tf.layers.Layer {
    static className = 'FusedActivation'
    override computeOutputShape(shape: Tensorflow.Shape): Tensorflow.Shape {
      return shape
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      return operation(Array.isArray(inputs) ? inputs[0]! : inputs)
    }
    override getConfig(): Tensorflow.serialization.ConfigDict {
      return { ...super.getConfig(), kind }
    }
  }
  return new FusedActivation({ name })
}
