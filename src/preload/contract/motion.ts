import { z } from 'zod'
import { route } from './route.ts'
import { gradeValue, id, side, site } from './common.ts'

/** The quantitative motion estimate of a scan (Sode 2011): null with a reason where it is undefined. */
export const motionEstimate = z.object({
  /** 100 at rest, falls with motion. */
  qmeNCC: z.number().nullable(),
  /** About 1 or less at rest, rises with motion. */
  qmeSSD: z.number().nullable(),
  reason: z.string().nullable(),
})
export type MotionEstimate = z.infer<typeof motionEstimate>

/** An own vote beside what the projections say of the scan. */
export const ownMotion = z.object({
  assignmentId: id,
  position: z.int(),
  pseudonym: z.string(),
  site,
  side,
  /** null: not voted on, or said that it cannot be graded. */
  grade: gradeValue.nullable(),
  cannot: z.string().nullable(),
  voted: z.boolean(),
  ...motionEstimate.shape,
})
export type OwnMotion = z.infer<typeof ownMotion>

/** The motion estimates of scans that came with their projections. Nobody gets one who still has to vote on the scan. */
export const motion = {
  /**
   * A reader's own votes that can no longer be taken back, newest first, on scans with an estimate; after sealing the
   * scans of the own queue without a vote too. Never a scan that the reader has before them in any open study.
   */
  own: route(
    ['reader'],
    z.strictObject({ studyId: id, limit: z.int().min(1).max(5000).default(5000) }),
    z.array(ownMotion),
  ),
  /** For leads; who reads in the study is refused before sealing (`blinded`). null: the scan came without projections. */
  ofScan: route(['lead'], z.strictObject({ studyId: id, scanId: id }), motionEstimate.nullable()),
}
