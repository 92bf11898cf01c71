import type { Connection } from '../../store/database.ts'

type Table =
  | ('vote' | 'reader_key' | 'roi_placement' | 'account_key' | 'study_key')
  | ('patient' | 'scan' | 'assignment' | 'known_case')

/** Identifiers of one query. */
const PORTION = 500

/** Which of the identifiers the table has already. */
export async function known(connection: Connection, table: Table, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let at = 0; at < ids.length; at += PORTION) {
    const rows = await connection
      // Kysely's types do not follow a table's name that is one of several.
      .selectFrom(table as 'vote')
      .select('id')
      .where('id', 'in', ids.slice(at, at + PORTION))
      .execute()
    for (const { id } of rows) found.add(id)
  }
  return found
}
