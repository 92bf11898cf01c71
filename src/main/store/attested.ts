import { linkDigest } from './audit.ts'
import type { Connection } from './database.ts'

/**
 * Whether the audit trail has one entry alone for a row, of this digest, that its neighbour still holds: what another program
 * put in or exchanged has none. The rest of the trail is for `verifyChain`; this is asked before a row is relied on.
 */
export async function isAttested(
  connection: Connection,
  act: string,
  subject: string,
  rowDigest: string,
): Promise<boolean> {
  const entries = await connection
    .selectFrom('audit')
    .selectAll()
    .where('act', '=', act)
    .where('subject', '=', subject)
    .execute()
  const [entry] = entries
  if (!entry || entries.length > 1) return false
  if (entry.row_digest !== rowDigest || linkDigest(entry) !== entry.digest) return false
  const next = await connection
    .selectFrom('audit')
    .select('previous')
    .where('sequence', '=', entry.sequence + 1)
    .executeTakeFirst()
  return next === undefined || next.previous === entry.digest
}
