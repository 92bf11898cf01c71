import { createHash } from 'node:crypto'
import { now } from './identity.ts'
import type { Connection } from './database.ts'
import type { Row } from './schema.ts'

/** The chain's beginning. */
export const genesis = '0'.repeat(64)

/** SHA-256 of values in a fixed order, as hexadecimal. */
export function digestOf(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex')
}

type Link = Omit<Row<'audit'>, 'digest'>

/** What an entry's own digest is of. */
export const linkDigest = (link: Link): string =>
  digestOf(link.sequence, link.at, link.account_id, link.act, link.subject, link.row_digest, link.previous)

/**
 * Appends one act to the hash chain, inside the transaction of the act itself: either both are there or neither.
 * @param rowDigest digest of what was written. A vote's is salted with a secret kept in the vote's own row, since a
 *   grade has so few values that a plain digest could be guessed.
 */
export async function record(
  connection: Connection,
  entry: { accountId: string | null; act: string; subject: string; rowDigest: string },
): Promise<void> {
  const last = await headOf(connection)
  const link: Link = {
    sequence: last.sequence + 1,
    at: now(),
    account_id: entry.accountId,
    act: entry.act,
    subject: entry.subject,
    row_digest: entry.rowDigest,
    previous: last.digest,
  }
  await connection
    .insertInto('audit')
    .values({ ...link, digest: linkDigest(link) })
    .execute()
}

/** The chain's end: whoever keeps these two elsewhere can say later whether anything before them was changed or removed. */
export interface Head {
  sequence: number
  digest: string
}

export async function headOf(connection: Connection): Promise<Head> {
  const last = await connection
    .selectFrom('audit')
    .select(['sequence', 'digest'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? { sequence: 0, digest: genesis }
}

/** A head as people copy it: "1234:9f86d0…". */
export const headText = ({ sequence, digest }: Head): string => `${sequence}:${digest}`

/** What a vote's audit entry attests; checked without any key. */
export function voteDigest(vote: Row<'vote'>): string {
  const added = [vote.confidence, vote.stack_grades, vote.looked_ms]
  return digestOf(
    vote.salt,
    vote.id,
    vote.assignment_id,
    vote.revision,
    vote.kind,
    vote.grade,
    vote.reason,
    vote.note,
    vote.worst_slice,
    vote.shown_at,
    vote.cast_at,
    // Votes from before these columns keep the digest they had.
    ...(vote.sealed !== null || added.some((value) => value !== null) ? added : []),
    // Of a sealed vote the digest is of its envelope: the grade cannot be tried out on it, whatever the salt.
    ...(vote.sealed === null ? [] : [vote.reader_key_id, vote.sealed]),
    ...(vote.cast_revision === null ? [] : ['cast as', vote.cast_revision]),
  )
}
