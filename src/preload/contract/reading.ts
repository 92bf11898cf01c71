import { z } from 'zod'
import { done, nothing, route } from './route.ts'
import { estimate, gradeValue, id, scale, side, site, time } from './common.ts'
import { comparison } from './comparison.ts'
import { region, regionAsk } from './regions.ts'

/**
 * What a reader may know of a scan in the queue: nothing about anybody's grade, and nothing that tells a scan shown a second
 * time, or one whose grade is known, from any other.
 */
export const queueItem = z.object({
  assignmentId: id,
  /** A name of the pictures for this place of the queue alone: the same scan at another place has another. */
  scanId: id,
  /** 1-based place in the reader's own order. */
  position: z.int(),
  /** The scan's pseudonym, or a code of its own in studies that show scans twice. */
  pseudonym: z.string(),
  site,
  side,
  dims: z.tuple([z.int(), z.int(), z.int()]),
  unit: z.string(),
  warnings: z.array(z.string()),
  /** Stacks to be graded each; 1: the scan as a whole. */
  stacks: z.int().min(1),
  /**
   * Scans of the same patient, site and side taken before, the latest first, to hold beside the one in front; said of that
   * one alone, and of none in studies that show scans under codes.
   */
  earlier: z.array(z.object({ scanId: id, pseudonym: z.string(), daysBefore: z.int().nullable() })).optional(),
  /**
   * Where the study asks for regions and the scan is a radiograph: the millimetres a pixel that its file tells, and the own region
   * on it, or the study's where it is shared. Never another reader's.
   */
  region: z.object({ spacing: z.number().nullable(), placed: region.nullable() }).nullable(),
  /** A calibration case: after the vote the known grade is shown. */
  calibration: z.boolean(),
  /** The second vote of a paired reading: what the model says, and the own first vote. Never before that was cast. */
  second: z
    .object({ modelGrade: gradeValue, firstGrade: gradeValue.nullable(), firstReason: z.string().nullable() })
    .nullable(),
})
export type QueueItem = z.infer<typeof queueItem>

export const ownVote = z.object({
  assignmentId: id,
  position: z.int(),
  /** null: the reader said that the scan cannot be graded. */
  grade: gradeValue.nullable(),
  reason: z.string().nullable(),
})

/** An own queue of a study that is open for reading. */
export const queue = z.object({
  studyId: id,
  /** Of all rounds; a second vote is no scan more. */
  done: z.int(),
  total: z.int(),
  /** Whether a scan can be graded now. */
  ready: z.boolean(),
  round: z.int(),
  /** When the next round begins, where that is still to come. */
  opensAt: time.nullable(),
})
export type Queue = z.infer<typeof queue>

/** What the window of the picture was, as the page keeps it. */
const windowLevel = z.strictObject({
  level: z.number(),
  width: z.number().positive(),
  preset: z.enum(['bone', 'streaks', 'full']).nullable(),
})
const place = z.strictObject({
  slice: z.int().min(0).max(100_000),
  window: windowLevel.nullable(),
  /** Milliseconds spent on the scan so far, pauses left out. */
  lookedMs: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
})
export type Place = z.infer<typeof place>

const knownGrade = {
  position: z.int(),
  /** The reader's own. */
  grade: gradeValue.nullable(),
  reason: z.string().nullable(),
  known: gradeValue,
  why: z.string().nullable(),
  motionMm: z.number().nullable(),
  site,
}
/** After a vote on a calibration case. */
export const feedback = z.object({ assignmentId: id, ...knownGrade, left: z.int() })
export type Feedback = z.infer<typeof feedback>

/** Grades held against others of the same scans; "cannot be graded" against a grade differs. */
export const match = z.object({
  n: z.int(),
  same: z.int(),
  rate: z.number().nullable(),
  ci: z.tuple([z.number(), z.number()]).nullable(),
  /** At most one grade apart. */
  near: z.int(),
  /** On the same side of the re-scan cut; null without a cut. */
  sameSide: z.int().nullable(),
  /** Cohen's kappa with quadratic weights. */
  kappa: estimate,
})
export type Match = z.infer<typeof match>

/** The reader's own place in the study. */
export const desk = z.object({
  studyId: id,
  title: z.string(),
  open: z.boolean(),
  scale,
  current: queueItem.nullable(),
  /** The scans after the current one, at most two, so that they can be loaded ahead. */
  ahead: z.array(queueItem),
  done: z.int(),
  total: z.int(),
  /** The own vote that Backspace would take back, until the next one is cast. */
  undoable: ownVote.nullable(),
  /** What a vote is asked for beside the grade. */
  ask: z.object({
    confidence: z.boolean(),
    worstSlice: z.enum(['off', 'optional', 'required']),
    region: regionAsk,
    regionRequired: z.boolean(),
  }),
  round: z.int(),
  rounds: z.int(),
  /** When the next round begins for this reader; null while one is going on or none is left. */
  opensAt: time.nullable(),
  /** Calibration cases of the round. */
  calibration: z.object({ done: z.int(), total: z.int() }),
  /** Only in the reply to a vote on a calibration case. */
  feedback: feedback.nullable(),
  /** Where the reader was on the current scan when the page was last open; null where it was not. */
  place: place.nullable(),
})
export type Desk = z.infer<typeof desk>

/** `keys`: action to key, only what differs from the keys as delivered. `breakMinutes` null: no break is suggested. */
export const readerSettings = z.strictObject({
  keys: z.record(z.string().max(40), z.string().min(1).max(40)),
  breakMinutes: z.int().min(5).max(240).nullable(),
})
export type ReaderSettings = z.infer<typeof readerSettings>

/** Why a scan cannot be graded, in the order of their keys. Stored as these words; for `other`, what the reader wrote. */
export const cannotReasons = ['wrong-site', 'incomplete', 'metal', 'not-bone', 'not-opened', 'other'] as const
export type CannotReason = (typeof cannotReasons)[number]
const cannotReason = z.string().trim().min(1).max(200)

export const reading = {
  desk: route(['reader'], z.strictObject({ studyId: id }), desk),
  /**
   * Casts one vote. When the reply is there, the vote is on the disk. `grade: null` with a reason says "cannot be graded".
   * Errors: `assignment-unknown`, `vote-not-next`, `request-used`, `grade-unknown`, `study-not-open`, `confidence-missing`,
   * `worst-slice-missing`, `worst-slice-outside`, `stack-grades-missing`, `roi-not-placed`.
   */
  cast: route(
    ['reader'],
    z
      .strictObject({
        assignmentId: id,
        grade: gradeValue.nullable(),
        reason: cannotReason.nullable(),
        shownAt: time,
        worstSlice: z.int().min(0).nullable(),
        note: z.string().trim().max(1000).nullable(),
        /** 1 unsure, 2 fairly sure, 3 sure; kept where the study asks for it. */
        confidence: z.int().min(1).max(3).nullable().default(null),
        /** One grade a stack, in their order; `grade` is the highest of them. */
        stackGrades: z.array(gradeValue).min(2).max(60).nullable().default(null),
        lookedMs: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .nullable()
          .default(null),
        /** The page's own name of this vote: sent again with it after the answer was lost, the vote is cast once. */
        request: z.uuid().nullable().default(null),
      })
      .refine((vote) => (vote.grade === null) === (vote.reason !== null), {
        message: 'a grade, or a reason why there is none',
        path: ['reason'],
      }),
    desk,
  ),
  /** Takes the last own vote back: a new revision, nothing is deleted. Error: `nothing-to-undo`. */
  undo: route(['reader'], z.strictObject({ studyId: id }), desk),
  /** Keeps where the reader is on the scan in front, so that it is found again after an interruption. */
  keepPlace: route(['reader'], z.strictObject({ assignmentId: id, place }), done),
  /** What the person chose for themselves. */
  settings: route(['reader'], nothing, readerSettings),
  keepSettings: route(['reader'], readerSettings, readerSettings),
  /** Scans of known grade to hold beside the own one. */
  exemplars: route(
    ['reader'],
    z.strictObject({ studyId: id }),
    z.array(
      z.object({ scanId: id, grade: gradeValue, site, why: z.string().nullable(), motionMm: z.number().nullable() }),
    ),
  ),
  /** How the own votes on the calibration cases compare with the known grades. */
  calibration: route(
    ['reader'],
    z.strictObject({ studyId: id }),
    z.object({ cases: z.array(z.object(knownGrade)), total: z.int(), match }),
  ),
  /** How far the own queues are, of the studies that are open for reading. */
  queues: route(['reader'], nothing, z.array(queue)),
  /** The reader's own progress. */
  progress: route(
    ['reader'],
    z.strictObject({ studyId: id }),
    z.object({
      done: z.int(),
      total: z.int(),
      today: z.int(),
      medianSeconds: z.number().nullable(),
      /** Votes whose time is known: what the median is of. */
      timed: z.int(),
      byDay: z.array(z.object({ day: z.iso.date(), count: z.int() })),
    }),
  ),
  /**
   * The own grades against the consensus. Errors: `study-unknown` (not a reader of it), `comparison-closed` (not unblinded
   * yet, or the study does not allow it).
   */
  comparison: route(['reader'], z.strictObject({ studyId: id }), comparison),
}
