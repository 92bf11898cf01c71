import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { UpdateFound, UpdateState } from '../../../preload/contract/updates.ts'
import { ConcordError } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import type { Caller } from '../context.ts'
import type { SettingsService } from '../settings.ts'
import { compareVersions, readManifest, updateFile, type Manifest } from './manifest.ts'
import type { Patience } from './fetch.ts'
import { altered, updateSource, type UpdateSource } from './source.ts'

interface Wanted {
  db: Database
  settings: SettingsService
  /** The publisher's public key that this build carries, PEM; null where it carries none. */
  key: string | null
  version: string
  /** Where a file that was checked is kept until the system's installer has it. */
  folder: string
  system?: string
  /** How long a server may keep us waiting; what is usual where it is not said. */
  patience?: Patience
}

/**
 * Updates, off until an administrator names a place. Nothing is looked for by itself: the administrator asks, what is there is
 * shown, and a file whose signature and digest hold is handed to the system's own installer by the person.
 */
export function createUpdates({ db, settings, key, version, folder, system, patience }: Wanted) {
  const own = system ?? `${process.platform}-${process.arch}`

  /** The newer version that is there, its file for this system, and where from; null where there is none newer. */
  async function look(): Promise<{ manifest: Manifest; file: Manifest['files'][number]; source: UpdateSource } | null> {
    const place = settings.get().updatesFrom
    if (place === null)
      throw new ConcordError('updates-off', 'Updates are turned off. An administrator names the place first.')
    if (key === null)
      throw new ConcordError(
        'update-no-key',
        'This build carries no key to check updates with. Install a newer version by hand.',
      )
    const source = updateSource(place, patience)
    const manifest = readManifest(await source.text(updateFile), key)
    const order = compareVersions(manifest.version, version)
    if (order === 0) return null
    if (order < 0)
      throw new ConcordError(
        'update-older',
        `What lies there is version ${manifest.version}, older than this one (${version}). It is not used.`,
      )
    const file = manifest.files.find((one) => one.system === own)
    if (!file)
      throw new ConcordError(
        'update-other-system',
        `Version ${manifest.version} is there, but not for this system (${own}).`,
      )
    return { manifest, file, source }
  }

  return {
    /** At the start: takes away what a kill left of a file that was being fetched. A whole one may still be in the installer's hands. */
    clear(): void {
      if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.part')))
        rmSync(folder, { recursive: true, force: true })
    },

    state: (): UpdateState => ({ from: settings.get().updatesFrom, keyed: key !== null, version }),

    /** Errors: `updates-off`, `update-no-key`, `update-place`, those of fetch.ts, `update-unsigned`, `update-older`, `update-other-system`. */
    async check(): Promise<UpdateFound | null> {
      const found = await look()
      if (!found) return null
      const { version: next, released, notes } = found.manifest
      return { version: next, released, notes, bytes: found.file.bytes, name: found.file.name }
    },

    /** Copies the update, holds the copy against the signed digest, and gives its path. Recorded. Errors: as `check`, `update-altered`. */
    async take(caller: Caller, wanted: string): Promise<string> {
      const found = await look()
      if (found?.manifest.version !== wanted)
        throw new ConcordError('update-gone', 'Another version lies there by now. Look again.')
      const { file, source } = found
      const target = join(folder, file.name)
      const part = `${target}.part`
      try {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        await source.copy(file.name, part, file.bytes)
        const hash = createHash('sha256')
        await pipeline(createReadStream(part), hash)
        if (hash.digest('hex') !== file.sha256) throw altered()
        await rename(part, target)
      } catch (error) {
        rmSync(folder, { recursive: true, force: true })
        throw error instanceof ConcordError ? error : (storageError(error) ?? error)
      }
      await db.transaction().execute((t) =>
        record(t, {
          accountId: caller.accountId,
          act: 'settings.update-taken',
          subject: JSON.stringify({ version: wanted, name: file.name }),
          rowDigest: digestOf({ version: wanted, sha256: file.sha256 }),
        }),
      )
      return target
    },
  }
}
export type Updates = ReturnType<typeof createUpdates>
