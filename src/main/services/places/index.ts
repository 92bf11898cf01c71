import type { PlaceState, PlaceTest } from '../../../preload/contract/places.ts'
import { ConcordError } from '../../domain/error.ts'
import { requireFolder } from '../../files/require-folder.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import type { Place } from '../../store/place.ts'
import { addressText, parseAddress } from '../../store/server/address.ts'
import type { Link } from '../../store/server/link.ts'
import type { Caller } from '../context.ts'
import type { Secrets } from './secrets.ts'
import { readPlaceSetting, writePlaceSetting } from './setting.ts'

export interface PlaceParts {
  db: Database
  place: Place
  link: Link | null
  folders: { root: string; database: string }
  secrets: Secrets
}

/** Where the data of this workstation lies, and moving this workstation to another place; it takes effect at the next start. */
export function createPlaces({ db, place, link, folders, secrets }: PlaceParts) {
  const state = async (): Promise<PlaceState> => {
    const setting = readPlaceSetting(folders.root)
    return {
      address: 'server' in place ? addressText(place.server.address) : null,
      file: 'file' in place ? place.file : null,
      reachable: link?.reachable ?? true,
      setting,
      fixed: process.env.CONCORD_DATABASE !== undefined,
      keychain: secrets.state(),
      passwordKept: await secrets.kept(),
    }
  }
  const known = async (password: string | null): Promise<string | null> => password ?? secrets.read()

  return {
    state,

    /** Reaches for a server without changing anything there. Errors: those of `openServer`, `database-address`. */
    async test(request: { address: string; password: string | null }): Promise<PlaceTest> {
      const { lookAtServer } = await import('../../store/server/look.ts')
      return lookAtServer({ address: parseAddress(request.address), password: await known(request.password) })
    },

    /** Keeps it for the next start; recorded. Errors: `database-address`, `folder-unusable`, `keychain-missing`, `keychain-asking`, those of the disk. */
    async use(
      caller: Caller,
      { address, password, files }: { address: string | null; password: string | null; files: string | null },
    ): Promise<PlaceState> {
      const database = address === null ? null : addressText(parseAddress(address))
      if (files !== null) requireFolder(files, 'files')
      if (password !== null && secrets.state() === 'none')
        throw new ConcordError(
          'keychain-missing',
          'This computer has no keychain to keep the password in. Put it into the file that PGPASSFILE names.',
          'password',
        )
      if (database !== null && password !== null) await secrets.keep(password)
      // Both or neither: a server that is away by now cannot record it.
      await db.transaction().execute(async (t) => {
        await record(t, {
          ...{ accountId: caller.accountId, act: 'database.place-set', subject: database ?? 'file' },
          rowDigest: digestOf(database, files),
        })
        writePlaceSetting(folders.root, { database, files })
      })
      if (database === null) await secrets.keep(null)
      return state()
    },
  }
}
