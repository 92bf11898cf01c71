import type { RequestOf } from '../../preload/contract/index.ts'
import type { CannotReason, Desk } from '../../preload/contract/reading.ts'

/** What the reader has chosen for the scan on the screen; nothing is chosen until a key says so. */
export type Pick = { kind: 'grade'; grade: number } | { kind: 'cannot'; reason: string }

/** The reason as it is stored: the word, or for `other` what the reader wrote. */
export function storedReason(reason: CannotReason | null, text: string): string {
  return reason === null ? '' : reason === 'other' ? text.trim() : reason
}

/** What the reader had before the eyes: the picture, or the sentence that it cannot be opened, since when. */
export interface Sight {
  of: 'picture' | 'failure'
  since: Date
}

/** What goes with a vote beside the grade. */
export interface Remarks {
  worstSlice: number | null
  note: string
  /** 1 unsure, 2 fairly sure, 3 sure. */
  confidence: number | null
  /** One grade a stack where the scan has several; null for one that is not graded yet. */
  stacks: readonly (number | null)[]
}

type Obstacle =
  'nothing-picked' | 'no-reason' | 'not-shown' | 'stacks-left' | 'no-confidence' | 'no-worst-slice' | 'no-region'

/**
 * What keeps a vote from being cast; null when nothing does. Without a picture only "cannot be graded" is left, and that
 * needs its reason alone.
 */
export function obstacle(
  pick: Pick | null,
  sight: Sight | null,
  remarks: Remarks = noRemarks,
  ask: { confidence: boolean; worstSlice: Desk['ask']['worstSlice'] } = { confidence: false, worstSlice: 'optional' },
): Obstacle | null {
  if (sight === null || (sight.of === 'failure' && pick?.kind !== 'cannot')) return 'not-shown'
  if (pick === null) return remarks.stacks.some((grade) => grade !== null) ? 'stacks-left' : 'nothing-picked'
  if (pick.kind === 'cannot') return pick.reason === '' ? 'no-reason' : null
  if (remarks.stacks.some((grade) => grade === null)) return 'stacks-left'
  if (ask.confidence && remarks.confidence === null) return 'no-confidence'
  return ask.worstSlice === 'required' && remarks.worstSlice === null ? 'no-worst-slice' : null
}

export const noRemarks: Remarks = { worstSlice: null, note: '', confidence: null, stacks: [] }

/** The scan's grade of its stacks': the highest, once each has one. */
export function ofStacks(stacks: readonly (number | null)[]): Pick | null {
  const grades = stacks.filter((grade) => grade !== null)
  return grades.length > 0 && grades.length === stacks.length ? { kind: 'grade', grade: Math.max(...grades) } : null
}

/** The request of one vote. */
export function voteOf(
  assignmentId: string,
  pick: Pick,
  shownAt: Date,
  remarks: Remarks,
  lookedMs: number | null = null,
): RequestOf<'reading', 'cast'> {
  return {
    assignmentId,
    grade: pick.kind === 'grade' ? pick.grade : null,
    reason: pick.kind === 'cannot' ? pick.reason : null,
    shownAt: shownAt.toISOString(),
    worstSlice: remarks.worstSlice,
    note: remarks.note.trim() || null,
    confidence: pick.kind === 'grade' ? remarks.confidence : null,
    stackGrades: pick.kind === 'grade' && remarks.stacks.length > 1 ? (remarks.stacks as number[]) : null,
    lookedMs,
    request: null,
  }
}
