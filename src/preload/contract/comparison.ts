import { z } from 'zod'
import { estimate, gradeValue, id, scale, side, site, time } from './common.ts'
import { labelRule } from './labels.ts'

const share = z.object({
  count: z.int(),
  rate: z.number().nullable(),
  ci: z.tuple([z.number(), z.number()]).nullable(),
})

/**
 * How a reader's own grades lie to the consensus, after unblinding and where the study allows it. Nothing in it is
 * another reader's: neither a grade, nor a letter, nor a name.
 */
export const comparison = z.object({
  studyId: id,
  title: z.string(),
  scale,
  /** What the own grades are held against: the newest label set, or the majority where none was frozen yet. */
  reference: z.object({ labelSet: z.string().nullable(), rule: labelRule, at: time.nullable() }),
  /** Own votes that cannot be compared: "cannot be graded", or no consensus. */
  left: z.int(),
  n: z.int(),
  same: share,
  sameSide: share.nullable(),
  above: z.int(),
  below: z.int(),
  meanDifference: z.number().nullable(),
  kappa: estimate,
  matrix: z.array(z.array(z.int())),
  /** The own scans that differ, the most different first: across the cut, then by distance. */
  scans: z.array(
    z.object({
      scanId: id,
      pseudonym: z.string(),
      site,
      side,
      own: gradeValue,
      consensus: gradeValue,
      acrossCut: z.boolean(),
      note: z.string().nullable(),
      worstSlice: z.int().nullable(),
    }),
  ),
})
export type Comparison = z.infer<typeof comparison>
