import { z } from 'zod'
import { route } from './route.ts'
import { gradeValue, id, time, title } from './common.ts'

export const labelRule = z.enum(['majority', 'rounded-mean', 'median', 'dawid-skene'])
export type LabelRule = z.infer<typeof labelRule>

export const labelSet = z.object({
  id,
  studyId: id,
  name: title,
  rule: labelRule,
  /** SHA-256 of the votes and adjudications it came from. */
  digest: z.string(),
  labels: z.int(),
  /** Scans for which the rule gave no label and nobody adjudicated. */
  unresolved: z.int(),
  adjudicated: z.int(),
  distribution: z.array(z.object({ grade: gradeValue, count: z.int() })),
  /**
   * How Dawid and Skene's estimate ended; one that had not converged gave the labels at which its bounded work ended. Null of the other
   * rules, and of a set frozen by a version that did not keep it.
   */
  estimate: z.object({ iterations: z.int(), converged: z.boolean() }).nullable(),
  createdAt: time,
})
export type LabelSet = z.infer<typeof labelSet>

export const labels = {
  list: route(['lead', 'trainer'], z.strictObject({ studyId: id }), z.array(labelSet)),
  /**
   * Freezes labels of a sealed study; an adjudicated grade takes the rule's place. Answered when the set is there; meanwhile a job of
   * the kind `labels` says how far it is, and can be cancelled. Errors: `study-not-sealed`, `name-taken`, `no-labels`,
   * `votes-changed`, `cancelled`.
   */
  freeze: route(['lead'], z.strictObject({ studyId: id, name: title, rule: labelRule }), labelSet),
}
