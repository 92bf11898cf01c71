import type { LayersModel } from '@tensorflow/tfjs-node'
import { ConcordError } from '../domain/error.ts'
import { sizeOf } from './engine.ts'
import { checkPictureSize, networkNamed } from './networks/index.ts'
import type { Head, Tf } from './networks/network.ts'
import type { AllocatorStatistics } from './tensorflow.ts'
import type { MemoryNeed, TrainRequest } from './types.ts'

const bytes = Float32Array.BYTES_PER_ELEMENT

/**
 * What a step holds, as a multiple of the outputs of its layers: they, their gradients while they are passed back, the scratch of
 * convolutions. This and the copies below were fitted to the memory of eleven runs of nine networks, from 0.6 to 5.4 GB: the
 * estimate was between 0.87 and 1.24 of what was taken.
 */
const stepFactor = 2.5

/** TensorFlow's libraries, threads and kernels. */
const base = 400e6

/**
 * Bytes that a training step holds at once, with the copies that checkpoints are made of.
 * @param slots Arrays that the optimiser keeps for each weight: two of Adam, one of SGD with momentum.
 */
function memoryOf(model: LayersModel, batch: number, slots: number): number {
  const outputs = model.layers.reduce((sum, layer) => {
    const [, ...shape] = layer.outputShape as number[]
    return sum + sizeOf(shape)
  }, 0)
  const weights = model.countParams()
  // Weights and slots in the library's variables, in the session, and in JavaScript for the last and the best epoch; they and the
  // gradients once more while the step is recorded, and while a checkpoint is written.
  const copies = 6 * (1 + slots) + 2
  return base + bytes * (outputs * batch * stepFactor + weights * copies)
}

type Asked = Pick<TrainRequest, 'network' | 'classes' | 'imageSize' | 'batch' | 'optimiser' | 'loss'>

/**
 * What a recipe needs and what there is.
 * @param allocator The addon's, with its cap; null where it has none (Windows, macOS).
 * @throws ConcordError `network-unknown`, `picture-too-small`.
 */
export function memoryNeed(tf: Tf, request: Asked, allocator: AllocatorStatistics | null): MemoryNeed {
  const network = networkNamed(request.network)
  checkPictureSize(network, request.imageSize)
  const head: Head = request.loss === 'coral' ? 'coral' : 'softmax'
  const inputShape: [number, number, number] = [request.imageSize, request.imageSize, 1]
  const model = network.build(tf, { inputShape, classes: request.classes.length, seed: null, head })
  try {
    const needed = memoryOf(model, request.batch, request.optimiser === 'sgdm' ? 1 : 2)
    // Blocks that the allocator keeps for reuse are free for the run.
    const free = process.availableMemory() + (allocator?.pooled ?? 0)
    return { needed, available: Math.min(free, allocator ? allocator.cap - allocator.inUse : Infinity) }
  } finally {
    model.dispose()
  }
}

/** @throws ConcordError `not-enough-memory`, with both figures. */
export function requireMemory({ needed, available }: MemoryNeed): void {
  if (needed <= available) return
  throw new ConcordError(
    'not-enough-memory',
    `Training like this takes about ${gigabytes(needed)} of memory, and ${gigabytes(available)} can be used: ` +
      'choose smaller pictures or fewer slices a step.',
    'batch',
  )
}

const gigabytes = (value: number): string => `${(Math.max(0, value) / 1e9).toFixed(1)} GB`
