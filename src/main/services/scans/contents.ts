import type { Connection } from '../../store/database.ts'
import { inPortions } from '../../store/portions.ts'

/** The digest of each scan's pictures, by the scan's identifier; scans that are not there are left out. */
export async function contentsOf(connection: Connection, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await inPortions(ids, (some) =>
    connection.selectFrom('scan').select(['id', 'content_sha256']).where('id', 'in', some).execute(),
  )
  return new Map(rows.map((row) => [row.id, row.content_sha256]))
}
