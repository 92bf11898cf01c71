import { wrongWeights } from './layer-weights.ts'
import type { Slot, StoredArray } from './layer-weights.ts'

/** torchvision numbers AlexNet's layers with its activations; GoogLeNet's are Concord's own names. */
const layerNames: Record<string, Record<string, string>> = {
  alexnet: {
    conv1: 'features.0',
    conv2: 'features.3',
    conv3: 'features.6',
    conv4: 'features.8',
    conv5: 'features.10',
    dense6: 'classifier.1',
    dense7: 'classifier.4',
    logits: 'classifier.6',
  },
  googlenet: { logits: 'fc' },
}

const roles: Record<string, string> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
}

/** What a state dictionary has beyond the network: counters, and GoogLeNet's auxiliary outputs. */
export const ignoredTorch = /num_batches_tracked$|^aux\d\./

/** The layer of a slot in torchvision's state dictionary, the array's name, and the shape it has there. */
export function torchPlace(network: string, slot: Slot): { layer: string; name: string; expected: number[] } {
  const layer = layerNames[network]?.[slot.layer] ?? slot.layer
  return { layer, name: `${layer}.${roles[slot.role]!}`, expected: order(slot.shape.length).map((i) => slot.shape[i]!) }
}

/** PyTorch's order of axes: output, input, height, width; output, input. */
const order = (rank: number): number[] => (rank === 4 ? [3, 2, 0, 1] : rank === 2 ? [1, 0] : [...Array(rank).keys()])

/** PyTorch's layout as TensorFlow's: height, width, input, output; input, output. */
export function fromTorch({ shape, read }: StoredArray): Float32Array {
  const data = read()
  if (shape.length < 2) return data
  const [outputs, inputs, field] = [shape[0]!, shape[1]!, shape.slice(2).reduce((size, edge) => size * edge, 1)]
  const turned = new Float32Array(data.length)
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const from = (output * inputs + input) * field
      for (let k = 0; k < field; k++) turned[(k * inputs + input) * outputs + output] = data[from + k]!
    }
  }
  return turned
}

/** @throws ConcordError `weights-wrong` where the file holds layers that the network has not. */
export function checkNothingElse(
  names: Iterable<string>,
  used: ReadonlySet<string>,
  file: string,
  title: string,
): void {
  for (const name of names) {
    if (!used.has(name)) throw wrongWeights(file, title, `it has "${name}", which the network has not`)
  }
}
