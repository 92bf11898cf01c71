import { ConcordError } from '../domain/error.ts'
import type { Preprocessing, TrainRequest } from './types.ts'

/** Slices a scan gives (Walle 2023: "8 equally spaced images from every scan were used"). */
const slicesPerScan = 8

/**
 * Refuses a recipe that cannot train, before anything is loaded.
 * @throws ConcordError `training-no-scans`, `training-one-class`, `training-bad-label`, `training-bad-recipe`.
 */
export function checkTrainRequest(request: TrainRequest): void {
  const { classes, scans } = request
  const training = scans.filter((scan) => scan.fold === 'train')
  if (training.length === 0) {
    const why = scans.length === 0 ? 'The label set has no scan' : 'The training part of the split has no scan'
    throw new ConcordError('training-no-scans', `${why}: label more scans or change the split.`)
  }
  if (classes.length < 2 || classes.some((grade, index) => index > 0 && grade <= classes[index - 1]!)) {
    throw new ConcordError('training-bad-recipe', 'The scale needs two grades or more, in ascending order.', 'classes')
  }
  for (const scan of scans) checkLabel(scan.scanId, scan.label, scan.distribution, classes.length)
  if (new Set(scans.map((scan) => scan.scanId)).size !== scans.length) {
    throw new ConcordError(
      'training-bad-recipe',
      'A scan stands in the recipe twice: make the label set anew.',
      'scans',
    )
  }
  const labels = new Set(training.map((scan) => scan.label))
  if (labels.size < 2) {
    throw new ConcordError(
      'training-one-class',
      `Every training scan has the grade ${classes[training[0]!.label]}: a network learns only from two grades or more.`,
    )
  }
  checkNumbers(request)
}

/** How the recipe's scans become pictures. */
export function preprocessingOf(request: Pick<TrainRequest, 'imageSize' | 'preprocessing'>): Preprocessing {
  const usual = { slices: slicesPerScan, gaussian: 0.8, scaling: 'min-max' } as const
  return { ...usual, ...request.preprocessing, imageSize: request.imageSize }
}

function checkLabel(scanId: string, label: number, distribution: number[] | undefined, classes: number): void {
  if (!Number.isInteger(label) || label < 0 || label >= classes) {
    throw new ConcordError(
      'training-bad-label',
      `Scan ${scanId} has a label outside the scale: make the label set anew.`,
    )
  }
  if (distribution === undefined) return
  const sum = distribution.reduce((total, share) => total + share, 0)
  if (distribution.length !== classes || distribution.some((share) => !(share >= 0)) || !(Math.abs(sum - 1) < 1e-6)) {
    throw new ConcordError('training-bad-label', `Scan ${scanId} has shares of votes that do not add up to 1.`)
  }
}

function checkNumbers(request: TrainRequest): void {
  const whole = (field: 'imageSize' | 'epochs' | 'batch' | 'patience' | 'seed', least: number, most: number): void => {
    const value = request[field]
    if (Number.isInteger(value) && value >= least && value <= most) return
    throw new ConcordError('training-bad-recipe', `${field} must be a whole number from ${least} to ${most}.`, field)
  }
  whole('imageSize', 32, 1024)
  whole('epochs', 1, 10_000)
  whole('batch', 1, 256)
  whole('patience', 0, 10_000)
  whole('seed', -0x8000_0000, 0xffff_ffff)
  const { gradientNoise = 0, focalGamma = 2, augmentation } = request
  if (!(gradientNoise >= 0 && gradientNoise <= 100)) {
    throw new ConcordError('training-bad-recipe', 'gradientNoise must be from 0 to 100.', 'gradientNoise')
  }
  // Below 1 the loss has no slope where the network is certain.
  if (!(focalGamma >= 1 && focalGamma <= 10)) {
    throw new ConcordError('training-bad-recipe', 'focalGamma must be from 1 to 10.', 'focalGamma')
  }
  const { rotation, noise, intensity } = augmentation
  if (!(rotation >= 0 && rotation <= 180 && noise >= 0 && noise <= 0.2 && intensity >= 0 && intensity <= 0.5)) {
    const limits = 'rotation from 0 to 180 degrees, noise from 0 to 0.2, intensity from 0 to 0.5'
    throw new ConcordError('training-bad-recipe', `Slices can be varied by ${limits}.`, 'augmentation')
  }
  if (!(request.learningRate > 0 && request.learningRate <= 1)) {
    throw new ConcordError('training-bad-recipe', 'learningRate must be above 0 and at most 1.', 'learningRate')
  }
}
