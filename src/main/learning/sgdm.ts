import type { Variable } from '@tensorflow/tfjs-node'
import type { Tf } from './networks/network.ts'
import type { Optimiser } from './optimiser.ts'

const momentum = 0.9

/**
 * Stochastic gradient descent with momentum 0.9 (Qian 1999, the 2021 paper's ref. 38):
 *
 *   d = 0.9 d - a g;  theta = theta + d
 */
export function sgdm(tf: Tf, variables: ReadonlyMap<string, Variable>): Optimiser {
  const slots = new Map<string, Variable>()
  for (const [name, { shape }] of variables) {
    slots.set(
      `sgdm/d/${name}`,
      tf.tidy(() => tf.variable(tf.zeros(shape), false)),
    )
  }
  return {
    slots,
    feeds: 1,
    feed: (_step, learningRate) => Float32Array.of(learningRate),
    apply(gradients, fed) {
      const rate = tf.slice(fed, 0, 1)
      for (const [name, gradient] of gradients) {
        const variable = variables.get(name)!
        const slot = slots.get(`sgdm/d/${name}`)!
        const moved = tf.sub(tf.mul(slot, momentum), tf.mul(gradient, rate))
        slot.assign(moved)
        variable.assign(tf.add(variable, moved))
      }
    },
  }
}
