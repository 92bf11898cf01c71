import { z } from 'zod'
import { path, gradeValue, id, time, title } from './common.ts'
import { route } from './route.ts'
import { heldOutFigures, recipe } from './training.ts'

/** How slices, or networks, become one grade; ties go to the higher mean probability, then to the lower grade. */
export const combination = z.enum(['mean', 'majority'])
export type Combination = z.infer<typeof combination>

const beforeAfter = z.object({ before: z.number(), after: z.number() }).nullable()

/** How the temperature of a model was chosen, on validation scans alone: each patient scaled by what the others gave. */
export const scaling = z.object({
  /** `whole`: of this model's answer. `members`: of an ensemble, each network is scaled by its own before they are combined. */
  of: z.enum(['whole', 'members']),
  /** Null: probabilities stay as the network gives them, and `reason` says why. */
  temperature: z.number().nullable(),
  reason: z.enum(['few-patients', 'no-fit', 'no-gain', 'within-error']).nullable(),
  scans: z.int(),
  patients: z.int(),
  logLoss: beforeAfter,
  /** Of the difference between the two; null for models made before it was asked for. */
  standardError: z.number().nullable().default(null),
  ece: beforeAfter,
})
export type Scaling = z.infer<typeof scaling>

export const model = z.object({
  id,
  /** The run it came from; null for one that was imported or is made of others. */
  runId: id.nullable(),
  origin: z.enum(['run', 'import', 'ensemble']),
  studyId: id,
  name: z.string(),
  network: z.string(),
  sha256: z.string(),
  labelSetName: z.string(),
  votesDigest: z.string(),
  parameters: z.int(),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  /** Null where the model was made by a version with other recipes, or of others. */
  recipe: recipe.nullable(),
  test: heldOutFigures.nullable(),
  validation: heldOutFigures.nullable(),
  intendedUse: z.string(),
  /** The region of interest that it sees of a radiograph, and whose; null where it sees whole pictures, or is made of others. */
  region: z
    .object({
      edgeMm: z.number(),
      edgePixels: z.number(),
      from: z.enum(['study', 'readers']),
      digest: z.string().nullable(),
    })
    .nullable(),
  /** Of an ensemble: the networks it asks, and how their answers become one. */
  members: z.array(z.object({ id, name: z.string() })),
  rule: combination.nullable(),
  /** Null for models made before probabilities were scaled: theirs are not. */
  scaling: scaling.nullable(),
  /** The model that it was trained again from, to be held against it on the same patients. */
  previousId: id.nullable(),
  retired: z.object({ reason: z.string(), at: time, by: z.string() }).nullable(),
  createdAt: time,
})
export type Model = z.infer<typeof model>

export const prediction = z.object({
  scanId: id,
  pseudonym: z.string(),
  site: z.string(),
  side: z.string(),
  grade: gradeValue,
  expectedGrade: z.number(),
  /** Normalised entropy of the scan's probabilities: 0 sure, 1 no idea. */
  uncertainty: z.number(),
  unsure: z.boolean(),
  rule: combination,
  /** Two grades had equally many votes. */
  tie: z.boolean(),
  /** Share of slices that name another grade than the scan's. */
  sliceDisagreement: z.number().nullable(),
  /** Of an ensemble: share of networks that name another grade. */
  memberDisagreement: z.number().nullable(),
  /** Whether readers have graded it, or have it to grade. */
  withReaders: z.boolean(),
  /** Over the grades of the scale, lowest first; scaled by the model's temperature, as are `uncertainty` and `expectedGrade`. */
  probabilities: z.array(z.number()),
  /** Each slice as the network gives it, not scaled. */
  slices: z.array(z.object({ index: z.int(), probabilities: z.array(z.number()) })),
})
export type Prediction = z.infer<typeof prediction>

const interval = z.tuple([z.number(), z.number()]).nullable()
const band = z.object({ low: z.number(), high: z.number(), mean: z.number() })
/** All grades together, the re-scan cut, or one grade against the rest. */
const target = z.union([z.enum(['all', 'cut']), z.number()])

export const figure = z.object({
  name: z.string(),
  target,
  estimate: z.number().nullable(),
  ci: interval,
  n: z.int(),
  positives: z.int().nullable(),
  /** What the readers reach against one another, from the lowest to the highest. */
  readers: band.nullable(),
  reason: z.string().optional(),
})
export type Figure = z.infer<typeof figure>

const calibration = z.object({
  n: z.int(),
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      n: z.int(),
      mean: z.number().nullable(),
      share: z.number().nullable(),
    }),
  ),
  ece: z.number().nullable(),
  mce: z.number().nullable(),
})

const rightOf = z.object({ n: z.int(), right: z.int() })

export const evaluation = z.object({
  /**
   * `folds`: an ensemble whose networks held out different scans, each scan graded by those alone that did not learn from it.
   * `here`: scans of this study that have labels and that an imported model did not learn from.
   */
  part: z.enum(['test', 'folds', 'here', 'validation']),
  scans: z.int(),
  patients: z.int(),
  figures: z.array(figure),
  confusion: z.array(z.array(z.int())),
  calibration: z.object({
    grade: calibration,
    cut: calibration.nullable(),
    /** `grade` after scaling, on the same scans; null where nothing is scaled, or where these are the scans it was fitted on. */
    scaled: calibration.nullable(),
  }),
  /** Of the scans that would be flagged as unsure for their uncertainty, and of the others: how many were graded as their label. */
  flag: z.object({ unsure: rightOf, others: rightOf }),
  /** Letters of the readers that the bands come from. */
  readers: z.array(z.string()),
})
export type Evaluation = z.infer<typeof evaluation>

const mcnemar = z.object({
  onlyFirst: z.int(),
  onlySecond: z.int(),
  p: z.number().nullable(),
  reason: z.string().optional(),
})

export const pair = z.object({
  first: id,
  second: id,
  /** Null where no scan was held out by both; `reason` says so. */
  comparison: z
    .object({
      scans: z.int(),
      patients: z.int(),
      grade: mcnemar,
      rescan: mcnemar.nullable(),
      differences: z.array(
        z.object({
          name: z.string(),
          target,
          first: z.number().nullable(),
          second: z.number().nullable(),
          difference: z.number().nullable(),
          ci: interval,
          reason: z.string().optional(),
        }),
      ),
    })
    .nullable(),
  reason: z.string().optional(),
})
export type Pair = z.infer<typeof pair>

export const comparison = z.object({
  /** Each on the scans that all of them held out; null where there is none. */
  models: z.array(z.object({ model, figures: z.array(figure).nullable() })),
  scans: z.int(),
  patients: z.int(),
  pairs: z.array(pair),
})
export type Comparison = z.infer<typeof comparison>

/** Where a network looks: the map covers the part of the slice that the network saw, row by row from the top left. */
export const heat = z.object({
  width: z.int(),
  height: z.int(),
  /** 0 to 1; 1 is the warmest place of the slice. All 0 where nothing speaks for the grade. */
  values: z.array(z.number()),
  grade: gradeValue,
  /** Of this slice alone. */
  probabilities: z.array(z.number()),
  layer: z.string(),
  /** The square of the slice that the map lies over, in pixels from the middle of the first one; null: all of it. */
  region: z.object({ x: z.number(), y: z.number(), edge: z.number() }).nullable(),
})
export type Heat = z.infer<typeof heat>

const ofModel = z.strictObject({ modelId: id })
const some = z.strictObject({ modelIds: z.array(id).min(2).max(8) })
const saved = z.object({ path: path.nullable(), rows: z.int().nullable() })
const staff = ['trainer', 'lead'] as const

export const models = {
  list: route(staff, z.strictObject({ studyId: id }), z.array(model)),
  /** The card as it stands in the file. */
  card: route(staff, ofModel, z.record(z.string(), z.unknown())),
  /** Grades scans as a job: those nobody has graded (`unread`), or all of the study. Errors: `no-scans`, `model-retired`. */
  predict: route(
    ['trainer'],
    z.strictObject({ modelId: id, scope: z.enum(['unread', 'all']), rule: combination.default('mean') }),
    z.object({ jobId: id }),
  ),
  /** Most unsure first. */
  predictions: route(staff, ofModel, z.array(prediction)),
  /** Every figure on the scans it never learned from; null where there are none. */
  evaluation: route(staff, ofModel, evaluation.nullable()),
  /** Two or more on the same held-out scans, with paired tests. Error: `compare-too-few`. */
  compare: route(staff, some, comparison),
  /** Grad-CAM of one slice for one grade (the slice's own where null). Errors: `slice-unknown`, `heat-of-ensemble`. */
  heat: route(
    staff,
    z.strictObject({ modelId: id, scanId: id, slice: z.int().min(0), grade: gradeValue.nullable() }),
    heat,
  ),
  /** Makes one model of several. Errors: `ensemble-too-few`, `ensemble-scales`, `name-taken`. */
  combine: route(
    ['trainer'],
    z.strictObject({ studyId: id, name: title, modelIds: z.array(id).min(2).max(20), rule: combination }),
    model,
  ),
  /** Gives scans that readers have not graded to readers, in a new round; they learn nothing of the model. Errors: `study-not-sealed`, `nothing-to-send`. */
  sendBack: route(
    ['lead'],
    z.strictObject({ modelId: id, scanIds: z.array(id).min(1).max(10_000), alsoSure: z.int().min(0).max(10_000) }),
    z.object({ scans: z.int(), sure: z.int(), skipped: z.int() }),
  ),
  /** Takes a model out of use; it stays with its predictions. Error: `model-retired`. */
  retire: route(['trainer', 'lead'], z.strictObject({ modelId: id, reason: z.string().trim().min(1).max(500) }), model),
  /** One file for another workstation, or a folder that TensorFlow.js loads. */
  export: route(staff, z.strictObject({ modelId: id, format: z.enum(['concord', 'tensorflow-js']) }), saved),
  /** Takes a model from such a file; null where no file was chosen. Errors: `model-file-truncated`, `model-file-foreign`, `model-file-changed`, `model-known`, `model-other-scale`. */
  import: route(['trainer'], z.strictObject({ studyId: id }), model.nullable()),
  saveEvaluation: route(
    staff,
    z.strictObject({ modelId: id, table: z.enum(['figures', 'confusion', 'calibration']) }),
    saved,
  ),
  saveComparison: route(staff, some, saved),
  /** What training on a label set would start from: the recipe of the last run, whose test patients it would keep apart. */
  retrainProposal: route(
    ['trainer'],
    z.strictObject({ labelSetId: id }),
    z
      .object({
        runId: id,
        modelId: id,
        name: z.string(),
        recipe,
        labelsBefore: z.int(),
        labelsNow: z.int(),
        sameTestPatients: z.int(),
      })
      .nullable(),
  ),
}
