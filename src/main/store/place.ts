import type { Database } from './database.ts'
import { openDatabase } from './database.ts'
import type { ServerPlace } from './server/pool.ts'

/** Where the data lies: in a file of this workstation, or on a department's server. */
export type Place = { file: string } | { server: ServerPlace }

/** Opens the database there, making or upgrading it as needed. Errors: those of `openDatabase` and `openServer`. */
export async function openPlace(place: Place): Promise<Database> {
  if ('file' in place) return openDatabase(place.file)
  const { openServer } = await import('./server/database.ts')
  return (await openServer(place.server)).db
}
