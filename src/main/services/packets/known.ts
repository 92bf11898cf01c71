import type { Connection } from '../../store/database.ts'
import { inPortions } from '../../store/portions.ts'

type Table =
  | ('vote' | 'reader_key' | 'roi_placement' | 'account_key' | 'study_key')
  | ('patient' | 'scan' | 'assignment' | 'known_case')

/** Which of the identifiers the table has already. */
export async function known(connection: Connection, table: Table, ids: readonly string[]): Promise<Set<string>> {
  const rows = await inPortions(ids, (some) =>
    connection
      // Kysely's types do not follow a table's name that is one of several.
      .selectFrom(table as 'vote')
      .select('id')
      .where('id', 'in', some)
      .execute(),
  )
  return new Set(rows.map(({ id }) => id))
}
