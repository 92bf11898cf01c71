import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../../store/database.ts'

/** Places of a queue read at a time: some milliseconds. */
const PLACES = 500

/**
 * Identifiers of the places in one reader's queue, in its order, some at a time, with a turn for others after each: a department's
 * reader has tens of thousands. What was voted there is asked for by them: asked for places and votes at once, PostgreSQL joins all
 * votes there are, each time.
 */
export async function* ownPlaces(
  connection: Connection,
  { studyId, accountId, voted }: { studyId: string; accountId: string; voted: boolean },
): AsyncGenerator<string[]> {
  for (let after = -1, full = true; full; await nextTurn()) {
    const rows = await connection
      .selectFrom('assignment')
      .select(['id', 'position'])
      .where('study_id', '=', studyId)
      .where('account_id', '=', accountId)
      .$if(voted, (some) => some.where('voted', '=', 1))
      .where('position', '>', after)
      .orderBy('position')
      .limit(PLACES)
      .execute()
    if (rows.length > 0) yield rows.map(({ id }) => id)
    after = rows.at(-1)?.position ?? after
    full = rows.length === PLACES
  }
}
