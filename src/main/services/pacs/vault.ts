import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Credential } from '../../dicomweb/address.ts'
import { ConcordError } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { asking, type Keychain } from '../keychain.ts'

/** Milliseconds for a keychain that is open; one that is locked waits for a person. */
const PATIENCE = 500

const stored = z.union([
  z.strictObject({ kind: z.literal('basic'), user: z.string(), password: z.string() }),
  z.strictObject({ kind: z.literal('token'), token: z.string() }),
])

export type Vault = ReturnType<typeof createVault>

/**
 * Credentials of picture archives. Kept on the disk only as the system's keychain encrypts them; where there is none they are
 * given once a session, by each person for themself, and held in memory.
 */
export function createVault({ folder, keychain }: { folder: string; keychain: Keychain }) {
  const given = new Map<string, Credential>()
  const fileOf = (pacsId: string): string => join(folder, pacsId)
  const key = (accountId: string, pacsId: string): string => `${accountId} ${pacsId}`

  /** `locked`: there is one, and the system has not opened its keychain yet. */
  async function kept(pacsId: string): Promise<Credential | 'locked' | null> {
    if (keychain.state() === 'none' || !existsSync(fileOf(pacsId))) return null
    if ((await keychain.settled(PATIENCE)) === 'asking') return 'locked'
    try {
      return stored.parse(JSON.parse(await keychain.open(readFileSync(fileOf(pacsId)))))
    } catch {
      // Another account of the system, another keychain: it must be given again.
      return null
    }
  }

  return {
    keychain: () => keychain.settled(PATIENCE),

    /** Errors: `pacs-credential-missing`, `keychain-asking`. */
    async of(accountId: string, pacsId: string, auth: 'none' | 'basic' | 'token'): Promise<Credential> {
      if (auth === 'none') return { kind: 'none' }
      const credential = given.get(key(accountId, pacsId)) ?? (await kept(pacsId))
      if (credential === 'locked') throw asking()
      if (credential?.kind === auth) return credential
      throw new ConcordError('pacs-credential-missing', 'This PACS asks who we are. Give its credential first.')
    },

    /** For everybody at this workstation. Errors: `no-keychain`, `keychain-asking`, those of the disk. */
    async keep(pacsId: string, credential: Credential): Promise<void> {
      const sealed = await keychain.seal(JSON.stringify(credential))
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
      } catch (error) {
        throw storageError(error) ?? error
      }
      replaceFile(fileOf(pacsId), sealed)
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
    async stateOf(accountId: string, pacsId: string, auth: 'none' | 'basic' | 'token') {
      if (auth === 'none') return 'not-needed' as const
      if (given.get(key(accountId, pacsId))?.kind === auth) return 'given' as const
      const own = await kept(pacsId)
      if (own === 'locked') return own
      return own?.kind === auth ? ('kept' as const) : ('missing' as const)
    },
  }
}
