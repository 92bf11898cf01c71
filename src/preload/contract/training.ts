import { z } from 'zod'
import { nothing, route } from './route.ts'
import { id, path, seed, site, time } from './common.ts'
import { estimate } from './common.ts'

export const networkDescription = z.object({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  /** Edge of the picture it was made for, and the smallest it takes. */
  edge: z.int(),
  smallest: z.int(),
  parameters: z.int(),
})
export type NetworkDescription = z.infer<typeof networkDescription>

/** How training slices are varied; 0 and false leave a change out. */
export const augmentation = z.strictObject({
  /** Flips and quarter turns, which move pixels without blurring them. */
  flips: z.boolean(),
  /** Turns by any angle up to this, in degrees, either way. */
  rotation: z.number().min(0).max(180),
  /** Standard deviation of Gaussian noise on values of 0 to 1. */
  noise: z.number().min(0).max(0.2),
  /** Contrast and brightness change by up to this share. */
  intensity: z.number().min(0).max(0.5),
})

export const optimiser = z.enum(['adam', 'sgdm'])
export const loss = z.enum(['cross-entropy', 'focal', 'coral', 'squared-emd'])
export const imbalance = z.enum(['none', 'class-weights', 'balanced-batches'])

/** Which scans the test part is made of; in every case no patient stands in two parts. */
export const holdOut = z.discriminatedUnion('by', [
  /** A share of the patients, drawn by the seed. */
  z.strictObject({ by: z.literal('patients') }),
  /** Patients first scanned on this day or later. */
  z.strictObject({ by: z.literal('date'), from: z.iso.date() }),
  /** Scans of one site; no scan of these patients is trained on. */
  z.strictObject({ by: z.literal('site'), site }),
  /** One fold of a cross-validation, counted from 0. */
  z.strictObject({ by: z.literal('fold'), folds: z.int().min(2).max(20), fold: z.int().min(0).max(19) }),
])
export type HoldOut = z.infer<typeof holdOut>

export const recipe = z.strictObject({
  network: z.string(),
  imageSize: z.int().min(32).max(1024),
  epochs: z.int().min(1).max(1000),
  batch: z.int().min(1).max(64),
  optimiser,
  learningRate: z.number().positive().max(1),
  /** Variance of the noise on the gradients is this / (1 + t)^0.55 (Neelakantan 2015); 0 for none. */
  gradientNoise: z.number().min(0).max(100),
  loss,
  /** Of the focal loss alone. */
  focalGamma: z.number().min(1).max(10),
  imbalance,
  /** Learn the shares of the votes instead of the one label. */
  softLabels: z.boolean(),
  augmentation,
  /** Stop after so many epochs without a lower validation loss, and keep the best; 0 never stops early. */
  patience: z.int().min(0).max(1000),
  seed,
  validationShare: z.number().min(0.05).max(0.5),
  /** Of `patients` alone: the other ways of holding out say themselves what is tested. */
  testShare: z.number().min(0).max(0.5),
  holdOut,
  /** Scans of one site alone; null takes all sites together. */
  site: site.nullable(),
  /** A weights file on this machine to start from; null starts from random weights. */
  pretrained: path.nullable(),
  /**
   * What of a radiograph the network sees: all of it, the study's region of interest, or the mean of the readers' own (and the
   * study's where no reader placed one). `as-study`: the region that the study asks for, everything where it asks for none.
   */
  region: z.enum(['as-study', 'whole', 'study', 'readers']).default('as-study'),
})
export type Recipe = z.infer<typeof recipe>

/** What a run starts from unless the trainer says otherwise: minutes rather than hours on two cores. */
export const defaultRecipe: Readonly<Recipe> = {
  network: 'walle2023',
  imageSize: 256,
  epochs: 30,
  batch: 8,
  optimiser: 'adam',
  learningRate: 0.001,
  gradientNoise: 0,
  loss: 'cross-entropy',
  focalGamma: 2,
  imbalance: 'class-weights',
  softLabels: false,
  augmentation: { flips: true, rotation: 0, noise: 0.01, intensity: 0 },
  patience: 10,
  seed: 1,
  validationShare: 0.2,
  testShare: 0.2,
  holdOut: { by: 'patients' },
  site: null,
  pretrained: null,
  region: 'as-study',
}

export const epochFigures = z.object({
  epoch: z.int(),
  loss: z.number(),
  accuracy: z.number(),
  validationLoss: z.number().nullable(),
  validationAccuracy: z.number().nullable(),
  seconds: z.number(),
})
export type EpochFigures = z.infer<typeof epochFigures>

/** Figures on scans of patients the network has not seen in training; accuracies are fractions of scans. */
export const heldOutFigures = z.object({
  scans: z.int(),
  accuracy: estimate,
  rescanAccuracy: estimate,
  /** What always answering the commonest re-scan decision of the training labels would score here. */
  majorityClassRate: z.number().nullable(),
  quadraticKappa: estimate,
  meanAbsoluteError: z.number().nullable(),
  confusion: z.array(z.array(z.int())),
})

/** In a run's order: scans are read, the network is made ready, it learns and is validated epoch by epoch, it grades those held out. */
const runStage = z.enum(['preparing', 'loading', 'training', 'validating', 'predicting'])
export const runState = z.enum(['running', 'paused', 'interrupted', 'cancelled', 'failed', 'done'])

export const run = z.object({
  id,
  studyId: id,
  labelSetId: id,
  labelSetName: z.string(),
  recipe,
  state: runState,
  split: z.object({ train: z.int(), validation: z.int(), test: z.int(), patients: z.int() }),
  epochs: z.array(epochFigures),
  bestEpoch: z.int().nullable(),
  /** What it is at; of the running epoch the share done, images a second, seconds left of the whole run. */
  live: z
    .object({
      stage: runStage,
      epoch: z.int(),
      share: z.number(),
      imagesPerSecond: z.number(),
      secondsLeft: z.number().nullable(),
    })
    .nullable(),
  /**
   * What to hold the curves against: always answering the commonest grade of the labels, how often two readers agree on the
   * grade, and from the reader who agrees least with the others to the one who agrees most.
   */
  reference: z.object({
    commonestGradeRate: z.number().nullable(),
    readersAgreement: z.number().nullable(),
    readersBand: z.object({ low: z.number(), high: z.number() }).nullable(),
  }),
  validation: heldOutFigures.nullable(),
  test: heldOutFigures.nullable(),
  device: z.string().nullable(),
  modelId: id.nullable(),
  /** The run that this one was started again from. */
  basedOn: id.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Since when it does not go on; null where it does, or nobody knows. */
  interruptedAt: time.nullable(),
  startedAt: time,
  seconds: z.number(),
})
export type Run = z.infer<typeof run>

const ofRun = z.strictObject({ runId: id })

export const training = {
  /** Bytes that a run of this recipe takes, estimated, and bytes there are. Errors: `network-unknown`, `picture-too-small`. */
  memory: route(['trainer'], z.strictObject({ recipe }), z.object({ needed: z.number(), available: z.number() })),
  /**
   * What there is to say of a label set before a run of this recipe. `classes-imbalanced`: one grade is so rare (`least` patients
   * against `most`) that a network may do well without ever naming it; `grade-alone-in-part`: fewer patients of a grade than parts
   * of the split; `roi-missing`: scans without the region that the recipe wants.
   */
  check: route(
    ['trainer'],
    z.strictObject({ labelSetId: id, recipe }),
    z.object({
      warnings: z.array(
        z.object({
          code: z.enum(['classes-imbalanced', 'grade-alone-in-part', 'roi-missing']),
          grade: z.int().nullable(),
          least: z.int(),
          most: z.int(),
          message: z.string(),
        }),
      ),
    }),
  ),
  /** Asks for a weights file to start from; null where none was chosen. */
  chooseWeights: route(['trainer'], nothing, z.object({ path: path.nullable() })),
  networks: route(['trainer', 'lead'], nothing, z.array(networkDescription)),
  /** Starts a run as a job. `basedOn`: a run whose test patients stay apart, so that both can be compared. Errors: `run-in-progress`, `training-one-class`, … */
  start: route(['trainer'], z.strictObject({ labelSetId: id, recipe, basedOn: id.optional() }), run),
  runs: route(['trainer', 'lead'], z.strictObject({ studyId: id }), z.array(run)),
  run: route(['trainer', 'lead'], ofRun, run),
  cancel: route(['trainer'], ofRun, run),
  /** Halts between two steps, kept in memory; `resume` goes on. Error: `run-not-running`. */
  pause: route(['trainer'], ofRun, run),
  /** Goes on from the last epoch's checkpoint: after a cancel, a pause or a kill. Error: `run-not-resumable`. */
  resume: route(['trainer'], ofRun, run),
}
