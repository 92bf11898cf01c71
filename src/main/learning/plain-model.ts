import type { layers, LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs-node'
import { ConcordError } from '../domain/error.ts'
import { fieldWeights, type LambdaKind } from './layers/picture.ts'
import type { Tf } from './networks/network.ts'

type Layer = layers.Layer
type Maps = SymbolicTensor
/** Layers that stand for one of ours, and the weights of those of them that have any. */
interface Plain {
  output: Maps
  weights: { layer: Layer; of: () => Tensor[] }[]
}

/**
 * The same network made of the library's own layers alone, with the same weights: what any TensorFlow.js loads. The
 * program's own layers (fused operations, attention's pools, ordinal ends) are said in one or several of the library's.
 * @throws ConcordError `model-not-portable` where that cannot be said.
 */
export function plainModel(tf: Tf, model: LayersModel): LayersModel {
  const made = new Map<Layer, Maps>()
  const weights: Plain['weights'] = []
  const input = tf.input({ shape: (model.inputs[0]!.shape as number[]).slice(1), name: 'slice' })
  const outputOf = (layer: Layer): Maps => {
    const known = made.get(layer)
    if (known) return known
    const before = layer.inboundNodes[0]?.inboundLayers ?? []
    const plain = before.length === 0 ? { output: input, weights: [] } : replaced(tf, layer, before.map(outputOf))
    weights.push(...plain.weights)
    made.set(layer, plain.output)
    return plain.output
  }
  const plain = tf.model({ inputs: input, outputs: outputOf(model.getLayer('probabilities')), name: model.name })
  for (const { layer, of } of weights) tf.tidy(() => layer.setWeights(of()))
  return plain
}

function replaced(tf: Tf, layer: Layer, inputs: Maps[]): Plain {
  const { name } = layer
  const config = layer.getConfig() as Record<string, unknown>
  const x = inputs[0]!
  const kept = (plain: Layer): Plain => ({
    output: plain.apply(inputs.length === 1 ? x : inputs) as Maps,
    weights: layer.weights.length === 0 ? [] : [{ layer: plain, of: () => layer.getWeights() }],
  })
  switch (layer.getClassName()) {
    case 'FusedActivation': {
      if (config['kind'] === 'Elu') return kept(tf.layers.elu({ name }))
      return kept(tf.layers.reLU({ name, ...(config['kind'] === 'Relu6' ? { maxValue: 6 } : {}) }))
    }
    case 'FusedLeakyRelu':
      return kept(tf.layers.leakyReLU({ name, alpha: config['alpha'] as number }))
    case 'FusedBatchNorm': {
      const { epsilon, momentum, scale } = config as { epsilon: number; momentum: number; scale: boolean }
      return kept(tf.layers.batchNormalization({ name, epsilon, momentum, scale, axis: -1 }))
    }
    case 'SeededDropout':
      return kept(tf.layers.dropout({ name, rate: config['rate'] as number }))
    case 'CoralLogits':
      return ordinalLogits(tf, layer, x)
    case 'Lambda':
      return said(tf, name, config as unknown as LambdaKind, x, layer)
    default:
      return kept(fromConfig(layer, config))
  }
}

/** A layer of the library, made anew; its weights follow, so it needs no initial ones. */
function fromConfig(layer: Layer, config: Record<string, unknown>): Layer {
  const own = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      key.endsWith('Initializer') && value ? { className: 'Zeros', config: {} } : value,
    ]),
  )
  const Kind = layer.constructor as unknown as { fromConfig(kind: unknown, config: unknown): Layer }
  return Kind.fromConfig(layer.constructor, { ...own, name: layer.name })
}

/** What the program's own functions compute, in layers that have a name everywhere. */
function said(tf: Tf, name: string, what: LambdaKind, x: Maps, layer: Layer): Plain {
  const { layers } = tf
  const shape = x.shape as number[]
  const weights: Plain['weights'] = []
  const through = (plain: Layer, from: Maps | Maps[]): Maps => plain.apply(from) as Maps
  const fixed = (plain: Layer, from: Maps, values: () => Tensor[]): Maps => {
    const output = through(plain, from)
    weights.push({ layer: plain, of: values })
    return output
  }
  const part = (of: string): { name: string } => ({ name: `${name}_${of}` })
  const done = (output: Maps): Plain => ({ output, weights })
  switch (what.kind) {
    case 'coloured': {
      const { scale, shift } = what
      const conv = layers.conv2d({ name, filters: scale.length, kernelSize: 1, kernelInitializer: 'zeros' })
      return done(fixed(conv, x, () => [tf.tensor4d(scale, [1, 1, 1, scale.length]), tf.tensor1d(shift)]))
    }
    case 'channel-statistics': {
      const [, height, width, channels] = shape as [number, number, number, number]
      // Channels become places of a row, so that a pooling reaches over them.
      const flat = through(layers.reshape({ ...part('row'), targetShape: [height * width, channels, 1] }), x)
      const pool = { poolSize: [1, channels] as [number, number], strides: [1, channels] as [number, number] }
      const back = (of: string, pooled: Maps): Maps =>
        through(layers.reshape({ ...part(of), targetShape: [height, width, 1] }), pooled)
      const mean = back('mean_map', through(layers.averagePooling2d({ ...part('mean'), ...pool }), flat))
      const most = back('max_map', through(layers.maxPooling2d({ ...part('max'), ...pool }), flat))
      return done(through(layers.concatenate({ name, axis: -1 }), [mean, most]))
    }
    case 'picture-statistics': {
      const row = { targetShape: [1, shape[3]!] }
      const mean = through(layers.globalAveragePooling2d(part('mean')), x)
      const most = through(layers.globalMaxPooling2d(part('max')), x)
      const rows = [
        through(layers.reshape({ ...part('mean_row'), ...row }), mean),
        through(layers.reshape({ ...part('max_row'), ...row }), most),
      ]
      return done(through(layers.concatenate({ name, axis: 1 }), rows))
    }
    case 'row-sum': {
      const [, rows, n] = shape as [number, number, number]
      const turned = through(layers.permute({ ...part('turned'), dims: [2, 1] }), x)
      const one = layers.dense({ ...part('one'), units: 1, useBias: false, kernelInitializer: 'zeros' })
      const summed = fixed(one, turned, () => [tf.ones([rows, 1])])
      return done(through(layers.reshape({ name, targetShape: [n] }), summed))
    }
    case 'adaptive-average': {
      const [, height, width] = shape as [number, number, number]
      const { edge } = what
      if (height === edge && width === edge) return done(x)
      const average = (of: string, from: Maps, n: number): Maps =>
        fixed(layers.dense({ ...part(of), units: edge, useBias: false, kernelInitializer: 'zeros' }), from, () => [
          tf.transpose(tf.tensor2d(fieldWeights(edge, n), [edge, n])),
        ])
      const permute = (of: string, from: Maps, dims: number[]): Maps =>
        through(layers.permute({ ...part(of), dims }), from)
      // Dense layers work along the last axis: height comes there first, then width.
      const rows = permute('rows_last', average('rows', permute('height_last', x, [2, 3, 1]), height), [3, 2, 1])
      return done(permute('done', average('columns', rows, width), [1, 3, 2]))
    }
    case 'ordinal':
      return ordinalProbabilities(tf, name, x, layer)
  }
}

/** One weight vector for all questions: the library's dense layer has it once for each. */
function ordinalLogits(tf: Tf, layer: Layer, x: Maps): Plain {
  const questions = (layer.outputShape as number[])[1]!
  const plain = tf.layers.dense({ name: layer.name, units: questions, kernelInitializer: 'zeros' })
  const of = (): Tensor[] => {
    const [kernel, bias] = layer.getWeights()
    const steps = [...bias!.dataSync()]
    // A difference below 0 would count as 0 and the rest be shared out anew, which no layer of the library does.
    if (steps.some((step, k) => k > 0 && step > steps[k - 1]!))
      throw new ConcordError(
        'model-not-portable',
        'The ordinal answers of this network are out of order, which TensorFlow.js has no layer for: export it for Concord.',
      )
    return [tf.tile(kernel!, [1, questions]), bias!]
  }
  return { output: plain.apply(x) as Maps, weights: [{ layer: plain, of }] }
}

/** p_j = P(above j - 1) - P(above j), as one dense layer behind the sigmoid. */
function ordinalProbabilities(tf: Tf, name: string, x: Maps, layer: Layer): Plain {
  const classes = (layer.outputShape as number[])[1]!
  const above = tf.layers.activation({ name: `${name}_above`, activation: 'sigmoid' }).apply(x) as Maps
  const plain = tf.layers.dense({ name, units: classes, kernelInitializer: 'zeros' })
  const of = (): Tensor[] => {
    const kernel = new Float32Array((classes - 1) * classes)
    for (let question = 0; question < classes - 1; question++) {
      kernel[question * classes + question] = -1
      kernel[question * classes + question + 1] = 1
    }
    return [tf.tensor2d(kernel, [classes - 1, classes]), tf.tensor1d([1, ...new Array<number>(classes - 1).fill(0)])]
  }
  return { output: plain.apply(above) as Maps, weights: [{ layer: plain, of }] }
}
