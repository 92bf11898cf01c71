import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../database.ts'

/**
 * A place of a queue that is marked as voted on where no vote stands, or the other way; null where there is none. The mark only
 * saves the queue a look at the votes, but a wrong one would hide a scan from its reader, or show it again.
 */
export async function wrongMark(connection: Connection, portion: number): Promise<string | null> {
  for (let last = '', full = true; full;) {
    const rows = await connection
      .selectFrom('assignment')
      .select(['assignment.id', 'assignment.voted'])
      .select(({ selectFrom }) =>
        selectFrom('vote')
          .select('vote.kind')
          .whereRef('vote.assignment_id', '=', 'assignment.id')
          .orderBy('vote.revision', 'desc')
          .limit(1)
          .as('kind'),
      )
      .where('assignment.id', '>', last)
      .orderBy('assignment.id')
      .limit(portion)
      .execute()
    const wrong = rows.find(({ voted, kind }) => (voted === 1) !== (kind === 'cast'))
    if (wrong) return wrong.id
    await nextTurn()
    last = rows.at(-1)?.id ?? last
    full = rows.length === portion
  }
  return null
}
