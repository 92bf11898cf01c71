import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { float32, nativeBackend } from './native.ts'

/**
 * Cross-entropy of soft or certain targets and the softmax of `logits`, one value a row, with the gradient
 * softmax - target, both from TensorFlow's one operation (exact where a probability underflows).
 * @param logits  [n, classes]
 * @param targets [n, classes], rows sum to 1
 */
export function softmaxCrossEntropy(tf: Tf, logits: Tensor2D, targets: Tensor2D): Tensor1D {
  const backend = nativeBackend(tf)
  const operation = tf.customGrad((input, save) => {
    const [value, gradient] = backend.executeMultipleOutputs(
      'SoftmaxCrossEntropyWithLogits',
      [float32(backend)],
      [input as Tensor, targets],
      2,
    )
    ;(save as unknown as (tensors: Tensor[]) => void)([gradient!])
    return { value: value!, gradFunc: (dy: Tensor, saved: Tensor[]) => [tf.mul(tf.expandDims(dy, 1), saved[0]!)] }
  })
  return operation(logits) as Tensor1D
}
