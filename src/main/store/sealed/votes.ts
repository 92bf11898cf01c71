import type { KeyObject } from 'node:crypto'
import { castRevision } from './grades.ts'
import { unsealVote, type VoteContent } from './envelope.ts'

/**
 * What a query over `vote` selects so that `contentOf` can say what the vote says. No query reads `vote.grade` by itself, nor
 * any other of these columns: in a study with encrypted votes they are empty.
 */
export const contentColumns = [
  'vote.id as voteId',
  'vote.assignment_id as voteAssignment',
  castRevision.as('voteRevision'),
  'vote.kind as voteKind',
  'vote.grade as voteGrade',
  'vote.reason as voteReason',
  'vote.note as voteNote',
  'vote.worst_slice as voteWorst',
  'vote.confidence as voteConfidence',
  'vote.stack_grades as voteStacks',
  'vote.reader_key_id as voteKey',
  'vote.sealed as voteSealed',
] as const

export interface ContentRow {
  voteId: string
  voteAssignment: string
  voteRevision: number
  voteKind: 'cast' | 'withdrawn'
  voteGrade: number | null
  voteReason: string | null
  voteNote: string | null
  voteWorst: number | null
  voteConfidence: number | null
  voteStacks: string | null
  voteKey: string | null
  voteSealed: string | null
}

/** The key of a reader's votes by its identifier; null where it cannot be had. */
export type KeyFor = (readerKeyId: string) => KeyObject | null

/** What a vote says; null where it is sealed and its key is not at hand. Error: `vote-altered`. */
export function contentOf(row: ContentRow, keyFor: KeyFor): VoteContent | null {
  if (row.voteSealed === null || row.voteKey === null)
    return {
      ...{ grade: row.voteGrade, reason: row.voteReason, note: row.voteNote, worst_slice: row.voteWorst },
      ...{ confidence: row.voteConfidence, stack_grades: row.voteStacks },
    }
  const key = keyFor(row.voteKey)
  return (
    key &&
    unsealVote(
      key,
      { id: row.voteId, assignment_id: row.voteAssignment, revision: row.voteRevision, kind: row.voteKind },
      row.voteSealed,
    )
  )
}

/** A row without the columns of `contentColumns`. */
export function rest<R extends ContentRow>(row: R): Omit<R, keyof ContentRow> {
  const {
    voteId: _id,
    voteAssignment: _assignment,
    voteRevision: _revision,
    voteKind: _kind,
    voteGrade: _grade,
    voteReason: _reason,
    voteNote: _note,
    voteWorst: _worst,
    voteConfidence: _sure,
    voteStacks: _stacks,
    voteKey: _key,
    voteSealed: _sealed,
    ...others
  } = row
  return others
}
