import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Credential } from '../../dicomweb/address.ts'
import { ConcordError } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'

/** What the system encrypts for this account of it, and opens again. */
export interface Keychain {
  seal(text: string): Buffer
  open(sealed: Buffer): string
}

const stored = z.union([
  z.strictObject({ kind: z.literal('basic'), user: z.string(), password: z.string() }),
  z.strictObject({ kind: z.literal('token'), token: z.string() }),
])

export type Vault = ReturnType<typeof createVault>

/**
 * Credentials of picture archives. Kept on the disk only as the system's keychain encrypts them; where there is none they are
 * given once a session, by each person for themself, and held in memory.
 * @param keychain asked each time: it is there once the window is
 */
export function createVault({ folder, keychain }: { folder: string; keychain: () => Keychain | null }) {
  const given = new Map<string, Credential>()
  const fileOf = (pacsId: string): string => join(folder, pacsId)
  const key = (accountId: string, pacsId: string): string => `${accountId} ${pacsId}`

  function kept(pacsId: string): Credential | null {
    const system = keychain()
    if (!system || !existsSync(fileOf(pacsId))) return null
    try {
      return stored.parse(JSON.parse(system.open(readFileSync(fileOf(pacsId)))))
    } catch {
      // Another account of the system, another keychain: it must be given again.
      return null
    }
  }

  return {
    hasKeychain: (): boolean => keychain() !== null,

    /** Error: `pacs-credential-missing`. */
    of(accountId: string, pacsId: string, auth: 'none' | 'basic' | 'token'): Credential {
      if (auth === 'none') return { kind: 'none' }
      const credential = given.get(key(accountId, pacsId)) ?? kept(pacsId)
      if (credential?.kind === auth) return credential
      throw new ConcordError('pacs-credential-missing', 'This PACS asks who we are. Give its credential first.')
    },

    /** For everybody at this workstation. Errors: `no-keychain`, those of the disk. */
    keep(pacsId: string, credential: Credential): void {
      const system = keychain()
      if (!system)
        throw new ConcordError(
          'no-keychain',
          'The system has no keychain here, so the credential cannot be kept. It is asked for in each session.',
        )
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(`${fileOf(pacsId)}.part`, system.seal(JSON.stringify(credential)), { mode: 0o600 })
        renameSync(`${fileOf(pacsId)}.part`, fileOf(pacsId))
      } catch (error) {
        throw storageError(error) ?? error
      }
      for (const one of given.keys()) if (one.endsWith(` ${pacsId}`)) given.delete(one)
    },

    /** For this person until the program ends. */
    give(accountId: string, pacsId: string, credential: Credential): void {
      given.set(key(accountId, pacsId), credential)
    },

    forget(pacsId: string): void {
      for (const one of given.keys()) if (one.endsWith(` ${pacsId}`)) given.delete(one)
      rmSync(fileOf(pacsId), { force: true })
    },

    /** Where a person's credential comes from. */
    stateOf(accountId: string, pacsId: string, auth: 'none' | 'basic' | 'token') {
      if (auth === 'none') return 'not-needed' as const
      if (given.get(key(accountId, pacsId))?.kind === auth) return 'given' as const
      return kept(pacsId)?.kind === auth ? ('kept' as const) : ('missing' as const)
    },
  }
}
