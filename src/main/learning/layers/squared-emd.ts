import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'
import { triangle } from './coral.ts'

/**
 * Squared earth mover's distance between ordered classes (Hou, Yu, Samaras: Squared earth mover's distance-based loss for
 * training deep neural networks, 2016, eq. 6 with l = 2), one value a row:
 *
 *   sum over grades of (CDF_p - CDF_t)^2
 *
 * A guess two grades off costs more than one that is one grade off, which cross-entropy does not know.
 * @param logits  [n, classes]
 * @param targets [n, classes], rows sum to 1, soft ones too
 */
export function squaredEmd(tf: Tf, logits: Tensor2D, targets: Tensor2D): Tensor1D {
  return tf.tidy(() => {
    const classes = targets.shape[1]
    const upTo = triangle(tf, classes, classes, (grade, last) => grade <= last)
    return tf.sum<Tensor1D>(tf.square(tf.matMul(tf.sub(tf.softmax(logits), targets), upTo)), 1)
  })
}
