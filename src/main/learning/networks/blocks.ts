import type * as Tensorflow from '@tensorflow/tfjs-node'
import { activation } from '../layers/activation.ts'
import type { Activation } from '../layers/activation.ts'
import { batchNorm } from '../layers/batch-norm.ts'
import type { BatchNormConfig } from '../layers/batch-norm.ts'
import { dropout } from '../layers/dropout.ts'
import { coloured } from '../layers/picture.ts'
import { head } from './head.ts'
import { glorot } from './initial.ts'
import type { NetworkShape, Tf } from './network.ts'

export type Maps = Tensorflow.SymbolicTensor
type Layer = Tensorflow.layers.Layer

interface Convolution {
  strides?: number
  padding?: 'same' | 'valid'
  useBias?: boolean
}

interface Pool {
  strides?: number
  padding?: 'same' | 'valid'
}

/** What a channel of a grey slice of 0 to 1 becomes before it meets published weights. */
export interface Colours {
  scale: number[]
  shift: number[]
}

export type Blocks = ReturnType<typeof blocks>

/** Layers as functions of feature maps, so that a network's file reads like its figure. */
export function blocks(tf: Tf, shape: NetworkShape) {
  const { inputShape, seed } = shape
  const { layers } = tf
  const next = glorot(tf, seed)
  let dropouts = 0
  const through = (layer: Layer, x: Maps | Maps[]): Maps => layer.apply(x) as Maps
  return {
    through,
    picture: tf.input({ shape: inputShape }),
    /** The picture, or a grey slice made into one. */
    colour(x: Maps, { scale, shift }: Colours): Maps {
      return x.shape[3] === 3 ? x : through(coloured(tf, scale, shift), x)
    },
    conv(x: Maps, name: string, filters: number, kernelSize: number | [number, number], more: Convolution = {}): Maps {
      const config = { name, filters, kernelSize, padding: 'same' as const, ...more }
      return through(layers.conv2d({ ...config, kernelInitializer: next() }), x)
    },
    depthwise(x: Maps, name: string, kernelSize: number, strides: number): Maps {
      const config = { name, kernelSize, strides, padding: 'same' as const, useBias: false }
      return through(layers.depthwiseConv2d({ ...config, depthwiseInitializer: next() }), x)
    },
    dense(x: Maps, name: string, units: number): Maps {
      return through(layers.dense({ name, units, kernelInitializer: next() }), x)
    },
    normalise: (x: Maps, config: BatchNormConfig): Maps => through(batchNorm(tf, config), x),
    activate: (x: Maps, name: string, kind: Activation = 'Relu'): Maps => through(activation(tf, kind, name), x),
    pad: (x: Maps, name: string, edge: number): Maps =>
      through(
        layers.zeroPadding2d({
          name,
          padding: [
            [edge, edge],
            [edge, edge],
          ],
        }),
        x,
      ),
    maxPool: (x: Maps, name: string, poolSize: number, { strides = poolSize, padding = 'valid' }: Pool = {}): Maps =>
      through(layers.maxPooling2d({ name, poolSize, strides, padding }), x),
    averagePool: (
      x: Maps,
      name: string,
      poolSize: number,
      { strides = poolSize, padding = 'valid' }: Pool = {},
    ): Maps => through(layers.averagePooling2d({ name, poolSize, strides, padding }), x),
    average: (x: Maps, name = 'average'): Maps => through(layers.globalAveragePooling2d({ name }), x),
    flatten: (x: Maps, name = 'flatten'): Maps => through(layers.flatten({ name }), x),
    add: (x: Maps[], name: string): Maps => through(layers.add({ name }), x),
    multiply: (x: Maps[], name: string): Maps => through(layers.multiply({ name }), x),
    concat: (x: Maps[], name: string): Maps => through(layers.concatenate({ name, axis: -1 }), x),
    drop: (x: Maps, name: string, rate: number): Maps => through(dropout(tf, { name, rate, place: dropouts++ }), x),
    /** The last layer and its probabilities, as every network ends. */
    head: (name: string, picture: Maps, x: Maps): Tensorflow.LayersModel =>
      head(tf, shape, { name, picture, x, kernel: next() }),
    next,
  }
}
