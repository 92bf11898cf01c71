import type { layers } from '@tensorflow/tfjs-node'
import type { NetworkDescription } from '../types.ts'
import { checkPictureSize, networkNamed } from './index.ts'
import type { Head, Tf } from './network.ts'

/**
 * What `model describe` prints.
 * @param asked `imageSize`: edge of grey slices; where not given, the picture that the network was made for.
 * @throws ConcordError `network-unknown`, `picture-too-small`.
 */
export function describeNetwork(
  tf: Tf,
  asked: { network: string; classes: number; imageSize?: number; head?: Head },
): NetworkDescription {
  const network = networkNamed(asked.network)
  const { edge, channels } = network.input
  const { imageSize } = asked
  if (imageSize !== undefined) checkPictureSize(network, imageSize)
  const input: [number, number, number] = imageSize === undefined ? [edge, edge, channels] : [imageSize, imageSize, 1]
  const model = network.build(tf, {
    inputShape: input,
    classes: asked.classes,
    seed: null,
    head: asked.head ?? 'softmax',
  })
  try {
    const trainableParameters = model.trainableWeights.reduce(
      (sum, { shape }) => sum + shape.reduce<number>((size, edge) => size * (edge ?? 1), 1),
      0,
    )
    return {
      name: network.name,
      title: network.title,
      input,
      layers: model.layers.length,
      depth: depthOf(model.getLayer('logits')),
      parameters: model.countParams(),
      trainableParameters,
    }
  } finally {
    model.dispose()
  }
}

/** Convolutions and dense layers on the longest way to `last`: what papers call the number of layers. */
function depthOf(last: layers.Layer): number {
  const known = new Map<layers.Layer, number>()
  const depth = (layer: layers.Layer): number => {
    const found = known.get(layer)
    if (found !== undefined) return found
    const before = layer.inboundNodes.flatMap((node) => node.inboundLayers).map(depth)
    const own = layer.weights.some(({ originalName }) => /kernel$/.test(originalName)) ? 1 : 0
    const result = own + Math.max(0, ...before)
    known.set(layer, result)
    return result
  }
  return depth(last)
}
