import { createHash } from 'node:crypto'
import { now } from './identity.ts'
import type { Connection } from './database.ts'
import type { Row } from './schema.ts'

/** The chain's beginning. */
const genesis = '0'.repeat(64)

/** SHA-256 of values in a fixed order, as hexadecimal. */
export function digestOf(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex')
}

type Link = Omit<Row<'audit'>, 'digest'>
const linkDigest = (link: Link): string =>
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
  const last = await connection
    .selectFrom('audit')
    .select(['sequence', 'digest'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const link: Link = {
    sequence: (last?.sequence ?? 0) + 1,
    at: now(),
    account_id: entry.accountId,
    act: entry.act,
    subject: entry.subject,
    row_digest: entry.rowDigest,
    previous: last?.digest ?? genesis,
  }
  await connection
    .insertInto('audit')
    .values({ ...link, digest: linkDigest(link) })
    .execute()
}

/** What a vote's audit entry attests. */
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
    ...(added.some((value) => value !== null) ? added : []),
  )
}

export interface ChainCheck {
  entries: number
  votes: number
  /** The first thing that does not hold, in words; null when all holds. */
  broken: { sequence: number | null; subject: string; why: string } | null
}

/** Recomputes the whole chain and holds each vote against its entry. Names the first break. */
export async function verifyChain(connection: Connection): Promise<ChainCheck> {
  const links = await connection.selectFrom('audit').selectAll().orderBy('sequence').execute()
  const attested = new Map<string, string>()
  let previous = genesis
  let expected = 1
  const check: ChainCheck = { entries: links.length, votes: 0, broken: null }
  for (const link of links) {
    const why =
      link.sequence !== expected
        ? `entry ${expected} is missing`
        : link.previous !== previous
          ? 'the entry before it was altered or removed'
          : linkDigest(link) !== link.digest
            ? 'the entry was altered'
            : null
    if (why) return { ...check, broken: { sequence: link.sequence, subject: link.subject, why } }
    if (link.act === 'vote.cast' || link.act === 'vote.withdrawn') attested.set(link.subject, link.row_digest)
    previous = link.digest
    expected++
  }
  const votes = await connection.selectFrom('vote').selectAll().orderBy('id').execute()
  check.votes = votes.length
  for (const vote of votes) {
    const digest = attested.get(vote.id)
    if (digest === undefined) check.broken = { sequence: null, subject: vote.id, why: 'a vote without an entry' }
    else if (digest !== voteDigest(vote))
      check.broken = { sequence: null, subject: vote.id, why: 'the vote was altered' }
    if (check.broken) return check
    attested.delete(vote.id)
  }
  const [missing] = attested.keys()
  if (missing !== undefined) check.broken = { sequence: null, subject: missing, why: 'the vote was removed' }
  return check
}
