import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Set by the bundler where the publisher's public key lies in packaging/update-key.pem. */
declare const CONCORD_UPDATE_KEY: string | null

/** The key that updates are checked with, PEM; null in a build without one and from source. */
export const updateKey = (): string | null => (typeof CONCORD_UPDATE_KEY === 'undefined' ? null : CONCORD_UPDATE_KEY)

/** Set by the bundler in a checkout. */
declare const CONCORD_COMMIT: string | null

/** The commit that the program was built from, "-changed" behind it where files differed; null from source, or outside of a checkout. */
export const programCommit = (): string | null => (typeof CONCORD_COMMIT === 'undefined' ? null : CONCORD_COMMIT)

/** Where the build put the licences of all parts: beside the bundled main file, or, from source, in the checkout's build. */
export function partsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const bundled = join(here, '../parts')
  return existsSync(join(bundled, 'parts.json')) ? bundled : join(here, '../../../dist/parts')
}
