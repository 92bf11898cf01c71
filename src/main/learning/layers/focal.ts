import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'

/**
 * Focal loss (Lin, Goyal, Girshick, He, Dollar: Focal loss for dense object detection, ICCV 2017, eq. 4), one value a row:
 *
 *   FL = -sum over classes of t (1 - p)^gamma log p
 *
 * What the network is sure of counts less, so that the rare grades are not drowned by the clear cases.
 * @param logits  [n, classes]
 * @param targets [n, classes], rows sum to 1, soft ones too
 * @param gamma   1 or more; the paper's choice is 2
 */
export function focalLoss(tf: Tf, logits: Tensor2D, targets: Tensor2D, gamma: number): Tensor1D {
  return tf.tidy(() => {
    const logP = tf.logSoftmax(logits)
    const unsure = tf.pow(tf.sub(1, tf.exp(logP)), gamma)
    return tf.neg<Tensor1D>(tf.sum(tf.mul(targets, tf.mul(unsure, logP)), 1))
  })
}
