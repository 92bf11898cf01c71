import { z } from 'zod'
import { route } from './route.ts'
import { gradeValue, id, scale, side, site, time } from './common.ts'
import { comparison } from './comparison.ts'

/** What a reader may know of a scan in the queue: nothing about anybody's grade. */
export const queueItem = z.object({
  assignmentId: id,
  scanId: id,
  /** 1-based place in the reader's own order. */
  position: z.int(),
  pseudonym: z.string(),
  site,
  side,
  dims: z.tuple([z.int(), z.int(), z.int()]),
  unit: z.string(),
  warnings: z.array(z.string()),
})
export type QueueItem = z.infer<typeof queueItem>

export const ownVote = z.object({
  assignmentId: id,
  position: z.int(),
  /** null: the reader said that the scan cannot be graded. */
  grade: gradeValue.nullable(),
  reason: z.string().nullable(),
})

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
})
export type Desk = z.infer<typeof desk>

const cannotReason = z.string().trim().min(1).max(200)

export const reading = {
  desk: route(['reader'], z.strictObject({ studyId: id }), desk),
  /**
   * Casts one vote. When the reply is there, the vote is on the disk. `grade: null` with a reason says "cannot be graded".
   * Errors: `assignment-unknown`, `vote-not-next`, `grade-unknown`, `study-not-open`.
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
      })
      .refine((vote) => (vote.grade === null) === (vote.reason !== null), {
        message: 'a grade, or a reason why there is none',
        path: ['reason'],
      }),
    desk,
  ),
  /** Takes the last own vote back: a new revision, nothing is deleted. Error: `nothing-to-undo`. */
  undo: route(['reader'], z.strictObject({ studyId: id }), desk),
  /** The reader's own progress. */
  progress: route(
    ['reader'],
    z.strictObject({ studyId: id }),
    z.object({
      done: z.int(),
      total: z.int(),
      today: z.int(),
      medianSeconds: z.number().nullable(),
      byDay: z.array(z.object({ day: z.iso.date(), count: z.int() })),
    }),
  ),
  /**
   * The own grades against the consensus. Errors: `study-unknown` (not a reader of it), `comparison-closed` (not unblinded
   * yet, or the study does not allow it).
   */
  comparison: route(['reader'], z.strictObject({ studyId: id }), comparison),
}
