import type { NetworkDescription } from '../types.ts'
import { networkNamed } from './index.ts'
import type { Tf } from './network.ts'

/** What `model describe` prints. @throws ConcordError `network-unknown`. */
export function describeNetwork(
  tf: Tf,
  { network, classes, imageSize = 512 }: { network: string; classes: number; imageSize?: number },
): NetworkDescription {
  const { name, title, build } = networkNamed(network)
  const input: [number, number, number] = [imageSize, imageSize, 1]
  const model = build(tf, { inputShape: input, classes, seed: 0 })
  try {
    const trainableParameters = model.trainableWeights.reduce(
      (sum, { shape }) => sum + shape.reduce<number>((size, edge) => size * (edge ?? 1), 1),
      0,
    )
    return { name, title, input, layers: model.layers.length, parameters: model.countParams(), trainableParameters }
  } finally {
    model.dispose()
  }
}
