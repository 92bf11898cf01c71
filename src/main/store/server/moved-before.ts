import { ConcordError } from '../../domain/error.ts'
import { parseHead } from '../anchors.ts'
import { headText } from '../audit.ts'
import type { Connection, Database } from '../database.ts'

/** What the command itself writes before it copies: somebody signed in, or tried to. Nothing of it is missing there. */
const harmless = ['session.opened', 'session.refused']

/**
 * Whether a file was moved to this server's database before: there is an entry of the moving there that names an entry of the
 * file's own chain. Resolves with that end of the chain; null where the database is another's.
 * Error: `database-moved-before` where the file went on since.
 */
export async function movedBefore(file: Database, server: Connection): Promise<string | null> {
  const moves = await server
    .selectFrom('audit')
    .select('subject')
    .where('act', '=', 'database.moved')
    .orderBy('sequence')
    .execute()
  for (const { subject } of moves) {
    const head = parseHead(subject)
    if (!head) continue
    const known = await file
      .selectFrom('audit')
      .select('sequence')
      .where('sequence', '=', head.sequence)
      .where('digest', '=', head.digest)
      .executeTakeFirst()
    if (!known) continue
    const since = await file
      .selectFrom('audit')
      .select('at')
      .where('sequence', '>', head.sequence)
      .where('act', 'not in', harmless)
      .orderBy('sequence')
      .limit(1)
      .executeTakeFirst()
    if (since)
      throw new ConcordError(
        'database-moved-before',
        `This workstation's studies were moved there already, and the file went on since (${since.at}). Ask for an empty database, and move everything there.`,
      )
    return headText(head)
  }
  return null
}
