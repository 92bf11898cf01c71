import type { LayersModel } from '@tensorflow/tfjs-node'
import { ConcordError } from '../../domain/error.ts'
import type { NamedArray } from '../safetensors.ts'

/** One of a network's weights, and where it belongs. */
export interface Slot {
  /** As in Concord's own weights files, e.g. `conv1/kernel`. */
  name: string
  layer: string
  /** Number of the weight within its layer. */
  place: number
  /** kernel, depthwise_kernel, bias, gamma, beta, moving_mean, moving_variance. */
  role: string
  shape: number[]
}

/** All weights of a network in the order of its layers. */
export function slotsOf(model: LayersModel): Slot[] {
  return model.layers.flatMap((layer) =>
    layer.weights.map(({ originalName, shape }, place) => ({
      name: originalName,
      layer: layer.name,
      place,
      role: originalName.slice(originalName.lastIndexOf('/') + 1),
      shape: shape as number[],
    })),
  )
}

/** An array in a file that is read only once its shape is known to fit. */
export interface StoredArray {
  shape: number[]
  /** @throws ConcordError `weights-broken`. */
  read(): Float32Array
}

export const stored = ({ shape, data }: NamedArray): StoredArray => ({ shape, read: () => data })

/** A file that is well-formed, but of another network. */
export function wrongWeights(file: string, title: string, what: string): ConcordError {
  return new ConcordError('weights-wrong', `${file} does not fit ${title}: ${what}. Take the weights of this network.`)
}

const sizes = (shape: number[]): string => (shape.length === 0 ? 'a single number' : shape.join(' x '))

/**
 * The array for a slot.
 * @param layer The layer's name in the file, for the message.
 * @param expected The slot's shape as the file lays it out.
 * @throws ConcordError `weights-wrong`.
 */
export function fitting(
  found: StoredArray | undefined,
  slot: Slot,
  { file, title, layer, expected = slot.shape }: { file: string; title: string; layer: string; expected?: number[] },
): StoredArray {
  if (!found) throw wrongWeights(file, title, `it has no ${slot.role} of layer "${layer}" (${sizes(expected)})`)
  if (found.shape.join() === expected.join()) return found
  const text = `layer "${layer}" has a ${slot.role} of ${sizes(found.shape)}, where the network takes ${sizes(expected)}`
  throw wrongWeights(file, title, text)
}
