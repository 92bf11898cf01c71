import type { layers, LayersModel, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node'
import type { Program } from './engine.ts'
import type { Tf } from './networks/network.ts'

/**
 * Gradient-weighted class activation mapping (R. Selvaraju et al., Grad-CAM, ICCV 2017, eqs 1 and 2): the last convolutional
 * maps A, each weighted by the mean slope of the grade's score by it, summed, and kept where positive.
 *
 * Feeds: one picture [1, h, w, c]; [1, classes], 1 at the grade asked about. Outputs: the heat [mapHeight * mapWidth]; the
 * probabilities [classes]; the slopes and the maps themselves [mapHeight * mapWidth * maps].
 *
 * The score is the grade's logit; with an ordinal last layer, which has no logit a grade, the logarithm of its probability.
 */
export function camProgram(tf: Tf, model: LayersModel, layer: layers.Layer): Program {
  const [, ...picture] = model.inputs[0]!.shape as number[]
  const classes = (model.outputs[0]!.shape as number[])[1]!
  const [, height, width, maps] = layer.outputShape as [number, number, number, number]
  const scored = tf.model({
    inputs: model.inputs,
    outputs: [model.getLayer('logits').output as never, model.outputs[0]!],
  })
  const logits = (model.getLayer('logits').outputShape as number[])[1]
  return {
    name: 'cam',
    feeds: [
      [1, ...picture],
      [1, classes],
    ],
    compute([pictures, asked]) {
      let activations: Tensor4D | undefined
      let probabilities: Tensor2D | undefined
      const call = layer.call.bind(layer)
      const score = (shift: Tensor): Tensor => {
        layer.call = (inputs, more) => {
          const output = call(inputs, more) as Tensor4D
          activations = tf.keep(tf.clone(output))
          return tf.add(output, shift)
        }
        const [z, p] = scored.apply(pictures!, { training: false }) as [Tensor2D, Tensor2D]
        probabilities = tf.keep(tf.clone(p))
        return tf.sum(tf.mul(logits === classes ? z : tf.log(tf.maximum(p, 1e-7)), asked!))
      }
      try {
        const slopes = tf.grad(score)(tf.zeros([1, height, width, maps]))
        const weights = tf.mean(slopes, [1, 2], true)
        const heat = tf.relu(tf.sum(tf.mul(weights, activations!), 3))
        const flat = (tensor: Tensor, size: number): Tensor => tf.reshape(tensor, [size])
        const all = height * width * maps
        return [
          flat(heat, height * width),
          flat(probabilities!, classes),
          flat(slopes, all),
          flat(tf.mul(activations!, 1), all),
        ]
      } finally {
        // The own property goes; the class's method is there again.
        delete (layer as { call?: unknown }).call
        activations?.dispose()
        probabilities?.dispose()
      }
    },
  }
}

/**
 * The last layer whose output still has places: behind it the places are averaged or joined. Poolings are passed over, since
 * the maps before them are finer.
 */
export function lastMaps(model: LayersModel): layers.Layer {
  let layer = model.getLayer('logits')
  for (;;) {
    const shape = layer.outputShape as number[]
    const pools = /Pooling2D$/.test(layer.getClassName()) || layer.name === 'average'
    if (shape.length === 4 && !pools) return layer
    const before = layer.inboundNodes[0]?.inboundLayers[0]
    if (!before) throw new Error('The network has no layer with places.')
    layer = before
  }
}

/**
 * A map over the square that the network saw, as a map over the slice alone, linearly between the centres of its cells, 0 to 1.
 * @param map Row by row, `cells` [height, width].
 * @param slice Pixels of the slice, which resample.ts fitted into a square of `edge`.
 * @param longest Cells of the result along the slice's longer side.
 */
export function heatOverSlice(
  map: Float32Array,
  [rows, columns]: readonly [number, number],
  slice: { width: number; height: number },
  longest = 96,
): { width: number; height: number; values: number[] } {
  const most = map.reduce((top, value) => Math.max(top, value), 0)
  const side = Math.max(slice.width, slice.height)
  const [width, height] = [slice.width, slice.height].map((edge) => Math.max(1, Math.round((longest * edge) / side)))
  const along = (index: number, count: number, edge: number, cells: number) => {
    // The slice lies in the middle of the square; where its own edge is shorter there is empty room on both sides.
    const place = 0.5 + ((index + 0.5) / count - 0.5) * (edge / side)
    const at = Math.min(cells - 1, Math.max(0, place * cells - 0.5))
    const low = Math.min(Math.floor(at), Math.max(0, cells - 2))
    return { low, high: Math.min(cells - 1, low + 1), share: at - low }
  }
  const values: number[] = []
  for (let y = 0; y < height!; y++) {
    const v = along(y, height!, slice.height, rows)
    for (let x = 0; x < width!; x++) {
      const u = along(x, width!, slice.width, columns)
      const mix = (row: number): number =>
        map[row * columns + u.low]! * (1 - u.share) + map[row * columns + u.high]! * u.share
      values.push(most > 0 ? (mix(v.low) * (1 - v.share) + mix(v.high) * v.share) / most : 0)
    }
  }
  return { width: width!, height: height!, values }
}
