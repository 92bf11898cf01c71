import { createSecretKey, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { ConcordError } from '../../domain/error.ts'
import { sealedGrade } from './envelope.ts'
import { readerKeyOf } from './reader-keys.ts'

/** Stand for no grade; grades themselves are never below zero. */
const WITHDRAWN = -2
export const CANNOT_BE_GRADED = -1
const SEALED = -3

/** Of a query over `vote`: the grade as one number, or one of those above; of a sealed vote, that it is sealed. */
export const gradeNumber = sql<number>`case when vote.kind = 'withdrawn' then ${sql.lit(WITHDRAWN)}
  when vote.sealed is not null then ${sql.lit(SEALED)}
  when vote.grade is null then ${sql.lit(CANNOT_BE_GRADED)} else vote.grade end`

/** The revision that a vote's envelope is bound to. */
export const castRevision = sql<number>`coalesce(vote.cast_revision, vote.revision)`

/** What is selected besides where votes are encrypted. */
export const envelopeColumns = [
  'vote.id',
  'vote.assignment_id',
  castRevision.as('cr'),
  'vote.kind',
  'vote.reader_key_id',
  'vote.sealed',
] as const
export type Envelope = [
  id: string,
  assignment: string,
  revision: number,
  kind: string,
  key: string | null,
  sealed: string | null,
]

/** The number that `gradeNumber` would give were the vote in the clear. Errors: `study-locked`, `vote-altered`. */
export function openedGrade(
  number: number,
  envelope: Envelope | [],
  keys: ReadonlyMap<string, KeyObject> | null,
): number {
  if (number !== SEALED) return number
  const [id = '', assignment_id = '', revision = 0, kind = '', keyId, sealed] = envelope
  const key = keyId ? keys?.get(keyId) : undefined
  if (!key || !sealed)
    throw new ConcordError('study-locked', 'A vote of this study is encrypted, and its key was not given.')
  return sealedGrade(key, { id, assignment_id, revision, kind }, sealed) ?? CANNOT_BE_GRADED
}

/** Adds the keys of readers' votes that are in boxes for the study. Error: `vote-altered`. */
export function addReaderKeys(
  study: { publicKey: string; privateKey: Uint8Array },
  rows: readonly { id: string; box: string }[],
  keys: Map<string, KeyObject>,
): void {
  for (const { id, box } of rows) {
    if (keys.has(id)) continue
    const raw = readerKeyOf(study, id, box)
    if (!raw)
      throw new ConcordError(
        'vote-altered',
        "The key of a reader's votes in the database was altered. Nothing is computed without them: verify the audit trail, then restore a backup.",
      )
    keys.set(id, createSecretKey(raw))
    raw.fill(0)
  }
}
