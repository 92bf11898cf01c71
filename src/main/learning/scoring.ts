import { mostProbable, predictScan } from './prediction.ts'
import type { StoredScan } from './prepare.ts'
import type { Predictor } from './predictor.ts'
import type { SliceStore } from './slice-store.ts'
import type { Turns } from './turns.ts'
import { targetOf } from './batches.ts'
import { lossOf } from './loss-value.ts'
import type { ScanPrediction, TrainRequest, TrainScan } from './types.ts'

/** Predictions of stored scans, in their order. */
export async function predictStored(
  request: Pick<TrainRequest, 'classes' | 'rescanFrom' | 'imageSize'>,
  stored: readonly StoredScan[],
  store: SliceStore,
  predictor: Predictor,
  turns: Turns,
  onScan: (done: number) => void,
): Promise<ScanPrediction[]> {
  const result: ScanPrediction[] = []
  for (const scan of stored) {
    await turns.next()
    const pictures = scan.stored.map((number) => {
      const picture = new Float32Array(request.imageSize ** 2)
      store.read(number, picture)
      return picture
    })
    const rows = predictor.predict(pictures)
    const slices = rows.map((probabilities, index) => ({ slice: scan.slices[index]!, probabilities }))
    result.push(predictScan(scan.scanId, slices, request.classes, request.rescanFrom))
    onScan(result.length)
  }
  return result
}

/**
 * Mean of the recipe's loss and accuracy of the slices, unweighted.
 * @param scans The labels, in the order of `predictions`; one or more.
 */
export function sliceFigures(
  scans: readonly Pick<TrainScan, 'label' | 'distribution'>[],
  predictions: readonly ScanPrediction[],
  { classes, loss: name, focalGamma }: Pick<TrainRequest, 'classes' | 'loss' | 'focalGamma'>,
): { loss: number; accuracy: number } {
  let loss = 0
  let right = 0
  let count = 0
  predictions.forEach(({ slices }, index) => {
    const scan = scans[index]!
    const target = targetOf(scan, classes.length)
    for (const { probabilities } of slices) {
      loss += lossOf(target, probabilities, name, focalGamma)
      if (mostProbable(probabilities) === scan.label) right++
      count++
    }
  })
  return { loss: loss / count, accuracy: right / count }
}
