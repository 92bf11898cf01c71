import { augmenter } from './augment.ts'
import { balancedClassWeights } from './class-weights.ts'
import { balancedOrder, everyOnce } from './orders.ts'
import type { StoredScan } from './prepare.ts'
import { stream } from './random.ts'
import type { SliceStore } from './slice-store.ts'
import type { TrainRequest, TrainScan } from './types.ts'

/** One step's arrays, as step.ts feeds them. */
export interface Batch {
  size: number
  pictures: Float32Array
  /** [size, classes] */
  targets: Float32Array
  /** [size], already divided by the size. */
  weights: Float32Array
  /** Class index of each slice. */
  labels: number[]
}

/** The training slices, in an order and with changes that follow from seed and epoch. */
export interface TrainingSlices {
  count: number
  /** Sizes that occur: the recipe's batch and, where it does not divide the slices, the rest. */
  sizes: number[]
  epoch(epoch: number): Generator<Batch>
}

/** @param stored The stored pictures of `scans`, in the same order. */
export function trainingSlices(
  request: TrainRequest,
  scans: readonly TrainScan[],
  stored: readonly StoredScan[],
  store: SliceStore,
): TrainingSlices {
  const { batch, imageSize, seed } = request
  const classes = request.classes.length
  const pixels = imageSize * imageSize
  const weights =
    request.imbalance === 'class-weights'
      ? balancedClassWeights(
          scans.map((scan) => scan.label),
          classes,
        )
      : null
  const slices = stored.flatMap((scan, index) => scan.stored.map((number) => ({ number, scan: scans[index]! })))
  const rest = slices.length % batch
  const augment = augmenter(request.augmentation)
  const labels = slices.map(({ scan }) => scan.label)
  const inOrder = request.imbalance === 'balanced-batches' ? balancedOrder : everyOnce
  const picture = new Float32Array(pixels)

  function* epoch(number: number): Generator<Batch> {
    const order = inOrder(labels, stream(seed, 'order', number))
    const change = stream(seed, 'change', number)
    for (let start = 0; start < order.length; start += batch) {
      const chosen = order.slice(start, start + batch).map((index) => slices[index]!)
      const size = chosen.length
      const filled: Batch = {
        size,
        pictures: new Float32Array(size * pixels),
        targets: new Float32Array(size * classes),
        weights: new Float32Array(size),
        labels: chosen.map(({ scan }) => scan.label),
      }
      chosen.forEach(({ number: stored, scan }, index) => {
        if (augment) {
          store.read(stored, picture)
          augment(picture, imageSize, change, filled.pictures, index * pixels)
        } else store.read(stored, filled.pictures, index * pixels)
        filled.targets.set(targetOf(scan, classes), index * classes)
        filled.weights[index] = (weights ? weights[scan.label]! : 1) / size
      })
      yield filled
    }
  }
  const sizes = [...(slices.length >= batch ? [batch] : []), ...(rest > 0 ? [rest] : [])]
  return { count: slices.length, sizes, epoch }
}

/** The shares of the votes, or all on the label. */
export function targetOf(scan: Pick<TrainScan, 'label' | 'distribution'>, classes: number): number[] {
  return scan.distribution ?? Array.from({ length: classes }, (_, index) => (index === scan.label ? 1 : 0))
}
