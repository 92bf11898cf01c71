import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node'
import type * as Tensorflow from '@tensorflow/tfjs-node'
import type { Tf } from '../networks/network.ts'

/** What a layer computes, for those who have to say it in other layers (plain-model.ts). */
export type LambdaKind =
  | { kind: 'coloured'; scale: number[]; shift: number[] }
  | { kind: 'channel-statistics' | 'picture-statistics' | 'row-sum' | 'ordinal' }
  | { kind: 'adaptive-average'; edge: number }

/** A layer without weights, made of one function of its one input. */
export function lambda(
  tf: Tf,
  name: string,
  shapeOf: (shape: number[]) => (number | null)[],
  compute: (x: Tensor4D) => Tensor,
  what: LambdaKind,
): Tensorflow.layers.Layer {
  class Lambda extends tf.layers.Layer {
    static className = 'Lambda'
    override computeOutputShape(shape: Tensorflow.Shape): Tensorflow.Shape {
      return shapeOf(shape as number[])
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => compute((Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D))
    }
    override getConfig(): Tensorflow.serialization.ConfigDict {
      return { ...super.getConfig(), ...what }
    }
  }
  return new Lambda({ name })
}

/**
 * Grey slices of 0 to 1 as the coloured pictures that a network's published weights were learned on.
 * @param scale One factor a channel, in the channels' order, and
 * @param shift what is added afterwards.
 */
export function coloured(tf: Tf, scale: number[], shift: number[]): Tensorflow.layers.Layer {
  return lambda(
    tf,
    'coloured',
    ([batch, height, width]) => [batch!, height!, width!, 3],
    (x) => tf.add(tf.mul(x, tf.tensor1d(scale)), tf.tensor1d(shift)),
    { kind: 'coloured', scale, shift },
  )
}

/** Mean and maximum over the channels, side by side (Woo 2018, eq. 3). */
export function channelStatistics(tf: Tf, name: string): Tensorflow.layers.Layer {
  return lambda(
    tf,
    name,
    ([batch, height, width]) => [batch!, height!, width!, 2],
    (x) => tf.concat([tf.mean(x, 3, true), tf.max(x, 3, true)], 3),
    { kind: 'channel-statistics' },
  )
}

/** Mean and maximum of each channel over the picture, one row each: [batch, 2, channels] (Woo 2018, eq. 2). */
export function pictureStatistics(tf: Tf, name: string): Tensorflow.layers.Layer {
  return lambda(
    tf,
    name,
    ([batch, , , channels]) => [batch!, 2, channels!],
    (x) => tf.stack([tf.mean(x, [1, 2]), tf.max(x, [1, 2])], 1),
    { kind: 'picture-statistics' },
  )
}

/** Sum over the rows of [batch, rows, n]. */
export function rowSum(tf: Tf, name: string): Tensorflow.layers.Layer {
  return lambda(
    tf,
    name,
    ([batch, , n]) => [batch!, n!],
    (x) => tf.sum(x, 1),
    { kind: 'row-sum' },
  )
}

/**
 * Averages over `edge` x `edge` fields that cover the picture, as PyTorch's adaptive average pooling: field i reaches from
 * floor(i n / edge) to ceil((i + 1) n / edge).
 */
export function adaptiveAverage(tf: Tf, name: string, edge: number): Tensorflow.layers.Layer {
  return lambda(
    tf,
    name,
    ([batch, , , channels]) => [batch!, edge, edge, channels!],
    (x) => {
      const [batch, height, width, channels] = x.shape
      if (height === edge && width === edge) return tf.clone(x)
      const rows = tf.matMul(fields(tf, edge, height), tf.reshape(x, [batch, height, width * channels]))
      const across = tf.reshape(rows, [batch * edge, width, channels])
      return tf.reshape(tf.matMul(fields(tf, edge, width), across), [batch, edge, edge, channels])
    },
    { kind: 'adaptive-average', edge },
  )
}

/** [1, edge, n]: row i averages its field. */
const fields = (tf: Tf, edge: number, n: number): Tensor => tf.tensor3d(fieldWeights(edge, n), [1, edge, n])

/** `edge` rows of `n`: row i averages its field. */
export function fieldWeights(edge: number, n: number): Float32Array {
  const values = new Float32Array(edge * n)
  for (let i = 0; i < edge; i++) {
    const [from, to] = [Math.floor((i * n) / edge), Math.ceil(((i + 1) * n) / edge)]
    values.fill(1 / (to - from), i * n + from, i * n + to)
  }
  return values
}
