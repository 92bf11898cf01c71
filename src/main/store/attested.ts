import { linkDigest } from './audit.ts'
import type { Connection } from './database.ts'

/** What the trail says of a row, by its index: the trail of a department has a million entries. */
export const entriesOf = (connection: Connection, act: string, subject: string) =>
  connection.selectFrom('audit').selectAll().where('act', '=', act).where('subject', '=', subject)

/**
 * Whether the audit trail has one entry alone for a row, of this digest, that its neighbour still holds: what another program
 * put in or exchanged has none. The rest of the trail is for `verifyChain`; this is asked before a row is relied on.
 * @param rowDigests the digest, or those that earlier versions made of such a row too
 */
export async function isAttested(
  connection: Connection,
  act: string,
  subject: string,
  ...rowDigests: readonly string[]
): Promise<boolean> {
  const entries = await entriesOf(connection, act, subject).execute()
  const [entry] = entries
  if (!entry || entries.length > 1) return false
  if (!rowDigests.includes(entry.row_digest) || linkDigest(entry) !== entry.digest) return false
  const next = await connection
    .selectFrom('audit')
    .select('previous')
    .where('sequence', '=', entry.sequence + 1)
    .executeTakeFirst()
  return next === undefined || next.previous === entry.digest
}
