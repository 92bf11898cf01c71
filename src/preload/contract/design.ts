import { z } from 'zod'
import { route } from './route.ts'
import { gradeValue, id, seed, side, site, title } from './common.ts'
import { regionAsk } from './regions.ts'

/**
 * The square region of interest of radiographs. `own`: each reader places one, told to nobody else before the seal. `shared`: one
 * for all, placed by a lead or somebody named here, and shown to every reader. `required`: no grade without it (`own`), no
 * reading without it (`shared`).
 */
const regionDesign = z.strictObject({ ask: regionAsk, required: z.boolean(), placers: z.array(id).max(30) })
const noRegion: z.infer<typeof regionDesign> = { ask: 'off', required: false, placers: [] }

/** How a study is read beside who reads what. `plain` is what a study has until its lead says otherwise. */
export const design = z.strictObject({
  /** Share of each reader's scans that come a second time, unannounced, in percent. */
  repeats: z.int().min(0).max(50),
  /** Other scans between the two showings, at least. */
  repeatGap: z.int().min(1).max(500),
  /** How often the whole queue is read, each time in another order. The first round is what consensus is made of. */
  rounds: z.int().min(1).max(4),
  /** Days between the end of a round and the start of the next, for each reader. */
  roundGapDays: z.int().min(0).max(365),
  /** The model whose grade is shown after the own first vote; null: none is shown. */
  pairedModelId: id.nullable(),
  /** Whether a vote says how sure the reader is. */
  confidence: z.boolean(),
  worstSlice: z.enum(['off', 'optional', 'required']),
  /** Slices of one stack where a scan is several stacks on end, each graded; null: one grade a scan. */
  slicesPerStack: z.int().min(8).max(2000).nullable(),
  region: regionDesign.default(noRegion),
  /** What the readers' orders are drawn from. Null in a draft: drawn by lot as it opens, and kept here from then on. */
  seed: seed.nullable().default(null),
})
export type Design = z.infer<typeof design>

export const plainDesign: Design = {
  ...{ repeats: 0, repeatGap: 20, rounds: 1, roundGapDays: 14, pairedModelId: null },
  ...{ confidence: false, worstSlice: 'optional', slicesPerStack: null, region: noRegion, seed: null },
}

export const caseUse = z.enum(['exemplar', 'calibration', 'hidden'])
export type CaseUse = z.infer<typeof caseUse>
const origin = z.enum(['phantom', 'settled', 'named'])
const why = z.string().trim().max(400).nullable()

/** A scan whose grade is known, and what for. */
export const knownCase = z.object({
  id,
  scanId: id,
  use: caseUse,
  grade: gradeValue,
  why,
  /** Mean motion in millimetres, where the phantom made the scan. */
  motionMm: z.number().nullable(),
  origin,
  pseudonym: z.string(),
  site,
  side,
  studyTitle: z.string(),
})
export type KnownCase = z.infer<typeof knownCase>

/** A scan that could become one. `grade` null: the lead must say it. */
export const candidate = z.object({
  scanId: id,
  pseudonym: z.string(),
  site,
  side,
  studyTitle: z.string(),
  grade: gradeValue.nullable(),
  why,
  motionMm: z.number().nullable(),
  origin,
})
export type Candidate = z.infer<typeof candidate>

/** A model that grades on this study's scale, and how many of the study's scans it has graded. */
export const pairableModel = z.object({
  id,
  name: z.string(),
  studyTitle: z.string(),
  predicted: z.int(),
  scans: z.int(),
})

const staff = ['lead', 'administrator'] as const
const ofStudy = z.strictObject({ studyId: id })

export const designs = {
  get: route(staff, ofStudy, z.object({ design, cases: z.array(knownCase), editable: z.boolean() })),
  /** Draft only. Errors: `study-not-draft`, `design-paired`, `model-unknown`, `account-unknown`. */
  set: route(['lead'], z.strictObject({ studyId: id, design }), design),
  /** Scans that may serve as known cases: settled scans of sealed studies and phantom scans on the same grades, and this study's own unread ones. */
  candidates: route(['lead'], ofStudy, z.array(candidate)),
  /** Names a known case. Errors: `study-not-draft`, `scan-unknown`, `case-in-queue`, `grade-unknown`, `case-once`. */
  addCase: route(
    ['lead'],
    z.strictObject({ studyId: id, scanId: id, use: caseUse, grade: gradeValue, why }),
    z.array(knownCase),
  ),
  removeCase: route(['lead'], z.strictObject({ studyId: id, caseId: id }), z.array(knownCase)),
  /** Models for paired reading. */
  models: route(['lead'], ofStudy, z.array(pairableModel)),
  /** Lets the model of the design grade the scans of this study, so that its grades are there when the reading opens. */
  predict: route(['lead'], z.strictObject({ studyId: id, modelId: id }), z.object({ jobId: id })),
  /**
   * Width of the 95 % interval of kappa against the number of scans, and how many scans reach a width.
   * `shares`: how often each grade is expected.
   */
  sampleSize: route(
    staff,
    z.strictObject({
      readers: z.int().min(2).max(9),
      kappa: z.number().min(0).max(1),
      shares: z.array(z.number().min(0)).min(2).max(12),
      width: z.number().min(0.02).max(1),
    }),
    z.object({
      /** Scans needed for the width; null where no number of scans gives one. */
      needed: z.int().nullable(),
      points: z.array(z.object({ scans: z.int(), width: z.number() })),
    }),
  ),
  /**
   * Makes a practice study: phantom scans of known grades in every reader's queue, the known grade shown after each vote,
   * exemplars beside. It is open when the job is done.
   */
  makePractice: route(
    ['lead'],
    z.strictObject({
      title,
      readerIds: z.array(id).min(1).max(30),
      scans: z.int().min(5).max(100),
      size: z.int().min(64).max(512),
      slices: z.int().min(8).max(168),
      seed,
    }),
    z.object({ jobId: id }),
  ),
}
