/**
 * What the rest of the program says to the learner and hears from it. Plain data only: every value here crosses to the
 * worker thread by structured clone, so pictures and weights travel as paths, never as arrays.
 */

/** A scan belongs to one part for the whole of a run; the split is made by patient before the learner sees it. */
export type Fold = 'train' | 'validation' | 'test'

/** Where the region of interest lies on a radiograph (domain/roi.ts), and whether its values run the wrong way round. */
export interface RegionOfScan {
  /** Its middle, and its edge, in pixels of the radiograph. */
  x: number
  y: number
  edge: number
  inverted: boolean
}

/** A decoded scan in the volume cache. */
export interface ScanSource {
  scanId: string
  /** Absolute path of the decoded volume (imaging/cache.ts). */
  cachePath: string
  /** Given where the preprocessing takes the region alone. */
  region?: RegionOfScan
}

export interface TrainScan extends ScanSource {
  /** Index into `classes` of the scan's label. */
  label: number
  /** Share of the votes for each class (soft labels), sums to 1. Without it the label counts as certain. */
  distribution?: number[]
  fold: Fold
}

/** How slices become the network's input; stored with the model, so that inference does the same. */
export interface Preprocessing {
  /** Equally spaced slices taken of each scan. */
  slices: number
  /** Standard deviation of the Gaussian before anything else, in pixels of the stored slice. */
  gaussian: number
  /**
   * `min-max`: each slice alone is scaled to 0..1 by its minimum and maximum. `none`: values are 0 to 1 as they come.
   * `signed`: these values become -1 to 1, for networks that do not do so themselves.
   */
  scaling: 'min-max' | 'none' | 'signed'
  /** Edge of the square input in pixels. */
  imageSize: number
  /**
   * The network sees the region of interest alone: so many millimetres, first resampled to so many pixels; the study's, or the mean
   * of its readers' own. The whole slice where not given.
   */
  region?: { edgeMm: number; edgePixels: number; from: 'study' | 'readers' }
}

/** Changes of training slices (augment.ts); 0 and false leave one out. */
export interface Augmentation {
  /** Flips and quarter turns. */
  flips: boolean
  /** Largest turn either way, in degrees: 0 to 180. */
  rotation: number
  /** Standard deviation of Gaussian noise, on values of 0 to 1. */
  noise: number
  /** Largest change of contrast and of brightness, as a share: 0 to 0.5. */
  intensity: number
}

export type LossName = 'cross-entropy' | 'focal' | 'coral' | 'squared-emd'

/** A training run's recipe. The same request gives the same weights on the same machine. */
export interface TrainRequest {
  runId: string
  /** Name of a row of networks/index.ts. */
  network: string
  /** The grades of the scale, ascending; a label is an index into them. */
  classes: number[]
  /** Grades from here on call for a new scan; null where the scale has no such cut. */
  rescanFrom: number | null
  /** Edge of the square input in pixels: 32 to 1024. */
  imageSize: number
  /** Most epochs to run. */
  epochs: number
  /** Slices a step. */
  batch: number
  learningRate: number
  /** Adam where not given; `sgdm`: stochastic gradient descent with momentum 0.9. */
  optimiser?: 'adam' | 'sgdm'
  /** Adds noise to the gradients, of variance this / (1 + t)^0.55 at step t (Neelakantan 2015: 0.01, 0.3 or 1); 0 adds none. */
  gradientNoise?: number
  /** What is made small; cross-entropy where not given. `coral` gives the network another last layer (layers/coral.ts). */
  loss?: LossName
  /** Of the focal loss: 1 to 10, 2 where not given. */
  focalGamma?: number
  /**
   * Absolute path of a weights file to start from (weights/load.ts). The last layer is drawn anew where the file has another
   * number of classes; nothing is frozen.
   */
  pretrained?: string
  /** How slices become pictures; as Walle 2023 where not given (request.ts). */
  preprocessing?: Partial<Omit<Preprocessing, 'imageSize'>>
  /** Any integer; weights, order of slices and augmentation all follow from it. */
  seed: number
  /** Stop after this many epochs without a lower validation loss; 0 never stops early. */
  patience: number
  /**
   * `class-weights`: each scan counts by the inverse of its class's frequency in the training part. `balanced-batches`: every
   * batch has as many slices of each class as of another, rare ones more than once an epoch.
   */
  imbalance: 'none' | 'class-weights' | 'balanced-batches'
  /** How the training slices are changed; those of other parts never are. */
  augmentation: Augmentation
  scans: TrainScan[]
  /** An existing or new folder of this run alone: checkpoint, prepared slices, weights. */
  checkpointFolder: string
  /** Go on from the checkpoint in the folder, where there is one; otherwise start anew. */
  resume: boolean
}

/** Bytes that a run takes at once, estimated, and bytes that it may take. */
export interface MemoryNeed {
  needed: number
  available: number
}

export interface EpochFigures {
  /** 1 for the first. */
  epoch: number
  /** Mean loss of the training slices, measured while the weights moved; which loss, the recipe says. */
  loss: number
  /** Fraction of training slices graded as labelled. */
  accuracy: number
  /** Of the validation slices after the epoch; null where the run has no validation scan. */
  validationLoss: number | null
  validationAccuracy: number | null
  /** Seconds the epoch took, pauses apart. */
  seconds: number
}

/** In a run's order: `preparing` reads the scans, `loading` makes the network ready. */
export type Stage = 'preparing' | 'loading' | 'training' | 'validating' | 'predicting'

/** Sent at most about ten times a second. */
export interface Progress {
  stage: Stage
  /** 0 outside training. */
  epoch: number
  epochs: number
  /** Done and all in this stage: scans while preparing and predicting, batches otherwise. */
  done: number
  total: number
  /** Mean loss of the epoch so far. */
  loss: number | null
  imagesPerSecond: number | null
  /** Until all epochs are done, were none saved by early stopping. */
  secondsLeft: number | null
  paused: boolean
}

export interface SlicePrediction {
  /** Index of the slice in the volume. */
  slice: number
  /** One a class, sums to 1. */
  probabilities: number[]
}

export interface ScanPrediction {
  scanId: string
  slices: SlicePrediction[]
  /** Mean over the slices, sums to 1. */
  probabilities: number[]
  /** Index of the most probable class (the lower one of equals). */
  label: number
  /** The grade that index stands for. */
  grade: number
  /** Mean of the grades weighted by their probability. */
  expectedGrade: number
  /** Probability of a grade at or above the re-scan cut; null without a cut. */
  rescanProbability: number | null
  /** Entropy of `probabilities` over that of a uniform guess: 0 certain, 1 no idea. */
  uncertainty: number
  /** Fraction of slices whose own grade is not the scan's. */
  sliceDisagreement: number
}

export interface Device {
  kind: 'cpu' | 'gpu'
  /** As a person would name it: the processor's or the card's model. */
  name: string
}

/** What computed a result, for the model card. */
export interface Versions {
  tensorflow: string
  tensorflowJs: string
  node: string
  /** null outside Electron. */
  electron: string | null
}

export interface TrainResult {
  runId: string
  epochsRun: number
  /** The epoch whose weights are kept: lowest validation loss, or training loss without validation scans. */
  bestEpoch: number
  history: EpochFigures[]
  /** Absolute path of the kept weights (safetensors) in the checkpoint folder. */
  weightsPath: string
  preprocessing: Preprocessing
  /** The network's last layer. */
  head: 'softmax' | 'coral'
  /** Scans of the two held-out parts as the kept weights grade them; each in the order of the request. */
  validation: ScanPrediction[]
  test: ScanPrediction[]
  device: Device
  versions: Versions
  /** 'graph': one native graph a step; 'eager': operation by operation, where recording was not possible. */
  engine: 'graph' | 'eager'
  seconds: number
  /** Training slices a second, steps alone. */
  imagesPerSecond: number
}

export interface InferRequest {
  /** Folder of a stored model (model-file.ts). */
  modelFolder: string
  /** Expected content address, where the caller knows it; a folder with another content is refused. */
  sha256?: string
  /** Slices a step; 8 where not given. */
  batch?: number
  rescanFrom: number | null
  scans: ScanSource[]
}

/** A network's arithmetic alone, to be checked against another library's. */
export interface RunRequest {
  network: string
  /** Absolute path of a weights file (weights/load.ts). */
  weights: string
  /** Absolute path of a NumPy file, float32, n x height x width x channels. */
  input: string
  /** Outputs of the last layer; as the weights have where not given. */
  classes?: number
}

export interface NetworkDescription {
  name: string
  title: string
  /** Height, width, channels. */
  input: [number, number, number]
  layers: number
  /** Convolutions and dense layers on the longest way through: the number of layers as papers count. */
  depth: number
  parameters: number
  trainableParameters: number
}
