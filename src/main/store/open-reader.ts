import type { Place } from './place.ts'
import type { Reader } from './reader.ts'

/** Opens a database for reading, in its file or on its server. It must exist and have its tables. */
export async function openReader(place: Place): Promise<Reader> {
  if ('file' in place) return (await import('./sqlite-reader.ts')).openFileReader(place.file)
  return (await import('./server/reader.ts')).openServerReader(place.server)
}
