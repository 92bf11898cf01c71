import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConcordError } from '../../domain/error.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { Place } from '../../store/place.ts'
import { parseAddress } from '../../store/server/address.ts'

/** `database.json` beside the data: where the data of this workstation lies. Without it, here. */
const schema = z.object({
  /** postgres://USER@HOST/DATABASE; null: the file concord.db beside this one. */
  database: z.string().nullable().default(null),
  /** A folder that all workstations share, for pictures, runs and models; null: each its own. */
  files: z.string().nullable().default(null),
})
export type PlaceSetting = z.infer<typeof schema>

const fileIn = (root: string): string => join(root, 'database.json')

export function readPlaceSetting(root: string): PlaceSetting {
  let text: string
  try {
    text = readFileSync(fileIn(root), 'utf8')
  } catch {
    return schema.parse({})
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // It must not lead to an empty database beside the department's.
    throw new ConcordError(
      'database-setting',
      `The file ${fileIn(root)} cannot be understood. Put it right, or take it away where the data lies on this computer.`,
    )
  }
}

/** Errors: those of the disk. */
export function writePlaceSetting(root: string, setting: PlaceSetting): void {
  replaceFile(fileIn(root), `${JSON.stringify(setting, null, 2)}\n`)
}

/** What CONCORD_DATABASE says, an address, goes before the setting. */
export const wantedAddress = (root: string): string | null =>
  process.env.CONCORD_DATABASE ?? readPlaceSetting(root).database

/** Where this program's data lies. @param password of the server's user, where it is kept. Errors: `database-address`, `database-address-password`. */
export function placeFor(folders: { root: string; database: string }, password: string | null = null): Place {
  const address = wantedAddress(folders.root)
  if (address === null || address === '') return { file: folders.database }
  return { server: { address: parseAddress(address), password } }
}
