import type { Variable } from '@tensorflow/tfjs-node'
import type { Tf } from './networks/network.ts'
import type { Optimiser } from './optimiser.ts'

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-10]

/**
 * Adam (Kingma, Ba 2015, algorithm 1), with the paper's values but epsilon 1e-10 as the thesis' recipe has it.
 *
 *   m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  theta = theta - a m^ / (sqrt(v^) + eps)
 *   m^ = m / (1 - b1^t),    v^ = v / (1 - b2^t)
 *
 * The bias corrections change from step to step and are fed, so that a recorded step stays right.
 */
export function adam(tf: Tf, variables: ReadonlyMap<string, Variable>): Optimiser {
  const slots = new Map<string, Variable>()
  for (const [name, { shape }] of variables) {
    for (const slot of ['m', 'v'])
      slots.set(
        `adam/${slot}/${name}`,
        tf.tidy(() => tf.variable(tf.zeros(shape), false)),
      )
  }
  return {
    slots,
    feeds: 2,
    feed: (step, learningRate) => Float32Array.of(learningRate / (1 - beta1 ** step), 1 / (1 - beta2 ** step)),
    apply(gradients, fed) {
      const size = tf.slice(fed, 0, 1)
      const correction = tf.slice(fed, 1, 1)
      for (const [name, gradient] of gradients) {
        const variable = variables.get(name)!
        const first = slots.get(`adam/m/${name}`)!
        const second = slots.get(`adam/v/${name}`)!
        const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1))
        const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2))
        const step = tf.div(tf.mul(m, size), tf.add(tf.sqrt(tf.mul(v, correction)), epsilon))
        first.assign(m)
        second.assign(v)
        variable.assign(tf.sub(variable, step))
      }
    },
  }
}
