import type { RequestOf } from '../../preload/contract/index.ts'

/** What the reader has chosen for the scan on the screen; nothing is chosen until a key says so. */
export type Pick = { kind: 'grade'; grade: number } | { kind: 'cannot'; reason: string }

/** Why a scan cannot be graded, in the order of their keys. Stored as these words; `other` carries a text of its own. */
export const cannotReasons = ['wrong-site', 'incomplete', 'metal', 'not-bone', 'not-opened', 'other'] as const
export type CannotReason = (typeof cannotReasons)[number]

/** The reason as it is stored: the word, or for `other` what the reader wrote. */
export function storedReason(reason: CannotReason | null, text: string): string {
  return reason === null ? '' : reason === 'other' ? text.trim() : reason
}

/** What the reader had before the eyes: the picture, or the sentence that it cannot be opened, since when. */
export interface Sight {
  of: 'picture' | 'failure'
  since: Date
}

/** What keeps a vote from being cast; null when nothing does. Without a picture only "cannot be graded" is left. */
export function obstacle(pick: Pick | null, sight: Sight | null): 'nothing-picked' | 'no-reason' | 'not-shown' | null {
  if (sight === null || (sight.of === 'failure' && pick?.kind !== 'cannot')) return 'not-shown'
  if (pick === null) return 'nothing-picked'
  return pick.kind === 'cannot' && pick.reason === '' ? 'no-reason' : null
}

export interface Remarks {
  worstSlice: number | null
  note: string
}

/** The request of one vote. */
export function voteOf(
  assignmentId: string,
  pick: Pick,
  shownAt: Date,
  remarks: Remarks,
): RequestOf<'reading', 'cast'> {
  return {
    assignmentId,
    grade: pick.kind === 'grade' ? pick.grade : null,
    reason: pick.kind === 'cannot' ? pick.reason : null,
    shownAt: shownAt.toISOString(),
    worstSlice: remarks.worstSlice,
    note: remarks.note.trim() || null,
  }
}
