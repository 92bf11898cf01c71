import { z } from 'zod'
import { nothing, route } from './route.ts'
import { keychainState, path } from './common.ts'

const address = z.string().trim().min(1).max(500)

/** Where the data of this workstation lies. The password is in no reply. */
export const placeState = z.object({
  /** postgres://USER@HOST/DATABASE; null: in a file of this workstation. */
  address: z.string().nullable(),
  file: z.string().nullable(),
  reachable: z.boolean(),
  /** What the next start goes by. */
  setting: z.object({ database: z.string().nullable(), files: z.string().nullable() }),
  /** The environment says where (CONCORD_DATABASE), whatever the setting. */
  fixed: z.boolean(),
  /** Of this computer, for the password. */
  keychain: keychainState,
  passwordKept: z.boolean(),
})
export type PlaceState = z.infer<typeof placeState>

export const placeTest = z.object({
  version: z.string(),
  holds: z.enum(['nothing', 'concord', 'older', 'newer', 'foreign']),
  studies: z.int(),
  milliseconds: z.number(),
  clockSeconds: z.number(),
  encrypted: z.boolean(),
})
export type PlaceTest = z.infer<typeof placeTest>

export const places = {
  state: route(['administrator'], nothing, placeState),
  /**
   * Reaches for a server and changes nothing there. `password` null: the one that is kept. Errors: `database-address`,
   * `database-address-password`, `database-unreachable`, `database-refused`, `database-missing`, `database-tls`.
   */
  test: route(
    ['administrator'],
    z.strictObject({ address, password: z.string().min(1).max(500).nullable() }),
    placeTest,
  ),
  /** For the next start; recorded. `address` null: the file of this workstation. Errors as above, `folder-unusable`, `keychain-missing`. */
  use: route(
    ['administrator'],
    z.strictObject({
      address: address.nullable(),
      password: z.string().min(1).max(500).nullable(),
      files: path.nullable(),
    }),
    placeState,
  ),
}
