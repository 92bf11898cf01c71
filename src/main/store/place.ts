import { closeDatabase, openDatabase, type Database } from './database.ts'
import type { Link } from './server/link.ts'
import type { ServerPlace } from './server/pool.ts'

/** Where the data lies: in a file of this workstation, or on a department's server. */
export type Place = { file: string } | { server: ServerPlace }

export interface Opened {
  db: Database
  /** To the other workstations; null where there are none. */
  link: Link | null
  close(): Promise<void>
}

/** Opens the database there, making or upgrading it as needed. Errors: those of `openDatabase` and `openServer`. */
export async function openPlace(place: Place): Promise<Opened> {
  if ('file' in place) {
    const db = await openDatabase(place.file)
    return { db, link: null, close: () => closeDatabase(db) }
  }
  const { openServer } = await import('./server/database.ts')
  const { openLink } = await import('./server/link.ts')
  const { db, pool } = await openServer(place.server)
  const link = openLink(place.server, pool)
  return {
    ...{ db, link },
    async close() {
      await link.close()
      await db.destroy()
    },
  }
}
