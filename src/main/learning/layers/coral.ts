import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node'
import type * as Tensorflow from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'

type Initializer = ReturnType<Tf['initializers']['zeros']>

/**
 * The last layer of consistent rank logits (Cao, Mirjalili, Raschka: Rank consistent ordinal regression for neural networks,
 * Pattern Recognition Letters 140:325, 2020, eq. 4): for k grades k - 1 binary questions "is it above grade j?" that share
 * one weight vector and differ by their bias alone, so that their answers cannot contradict each other once trained.
 * @param config `kernel`: how the shared weights start. `fresh`: biases start evenly spaced and falling, as the authors' code does;
 * otherwise 0, to be written afterwards.
 */
export function coralLogits(
  tf: Tf,
  config: { name: string; classes: number; kernel: Initializer; fresh: boolean },
): Tensorflow.layers.Layer {
  const { name, classes, kernel, fresh } = config
  const questions = classes - 1
  class CoralLogits extends tf.layers.Layer {
    static className = 'CoralLogits'
    #kernel!: Tensorflow.LayerVariable
    #bias!: Tensorflow.LayerVariable
    override build(shape: Tensorflow.Shape): void {
      this.#kernel = this.addWeight('kernel', [shape.at(-1)!, 1], 'float32', kernel)
      this.#bias = this.addWeight('bias', [questions], 'float32', fresh ? falling(tf) : tf.initializers.zeros())
      super.build(shape)
    }
    override computeOutputShape(shape: Tensorflow.Shape): Tensorflow.Shape {
      return [shape[0]!, questions]
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor2D
      return tf.tidy(() => tf.add(tf.matMul(x, this.#kernel.read() as Tensor2D), this.#bias.read()))
    }
    override getConfig(): Tensorflow.serialization.ConfigDict {
      return { ...super.getConfig(), classes }
    }
  }
  return new CoralLogits({ name })
}

/** 1, …, 1 / n: from the first question, which most scans answer with yes, to the last. */
function falling(tf: Tf): Initializer {
  const Base = Object.getPrototypeOf(tf.initializers.zeros().constructor) as new () => Initializer
  class Falling extends Base {
    static className = 'Falling'
    override apply(shape: Tensorflow.Shape): Tensor {
      const n = shape[0]!
      return tf.tensor1d(Float32Array.from({ length: n }, (_, k) => (n - k) / n))
    }
  }
  return new Falling()
}

/**
 * Probabilities of the grades from the answers: p_j = P(above j - 1) - P(above j). Before the biases are in order a difference
 * may be negative: it counts as 0, and the others share the rest.
 * @param logits [n, classes - 1] @returns [n, classes]
 */
export function coralProbabilities(tf: Tf, logits: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const above = tf.sigmoid(logits)
    const edge = tf.zerosLike(tf.slice(above, [0, 0], [-1, 1]))
    const upper = tf.concat([tf.onesLike(edge), above], 1)
    const raw = tf.relu(tf.sub(upper, tf.concat([above, edge], 1)))
    return tf.div(raw, tf.sum(raw, 1, true))
  })
}

/**
 * Sum of the binary cross-entropies of the k - 1 questions (eq. 5, all questions weighted alike), one value a row.
 * @param logits  [n, classes - 1]
 * @param targets [n, classes], rows sum to 1: one label, or the shares of the votes, which answer the questions in shares too
 */
export function coralLoss(tf: Tf, logits: Tensor2D, targets: Tensor2D): Tensor1D {
  return tf.tidy(() => {
    const classes = targets.shape[1]
    const above = tf.matMul(
      targets,
      triangle(tf, classes, classes - 1, (grade, question) => grade > question),
    )
    return tf.sum<Tensor1D>(tf.sub(tf.softplus(logits), tf.mul(above, logits)), 1)
  })
}

/** A matrix of 0 and 1. */
export function triangle(
  tf: Tf,
  rows: number,
  columns: number,
  one: (row: number, column: number) => boolean,
): Tensor2D {
  const values = Float32Array.from({ length: rows * columns }, (_, at) =>
    one(Math.floor(at / columns), at % columns) ? 1 : 0,
  )
  return tf.tensor2d(values, [rows, columns])
}
