import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { KeychainState } from '../../../preload/contract/common.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { asking, type Keychain } from '../keychain.ts'

/** The database's password, kept by the system's keychain. */
export interface Secrets {
  state(): KeychainState
  /** Whether there is one, without opening it. */
  kept(): Promise<boolean>
  /** null: there is none, or it is of another keychain. Error: `keychain-asking`. */
  read(): Promise<string | null>
  /** @param secret null: forget it. Errors: `keychain-asking`, `no-keychain`. */
  keep(secret: string | null): Promise<void>
}

/** Long enough for a keychain that is open; one that is locked waits for a person. */
const PATIENCE = 1000

/** Keeps it in a file, encrypted by the system's keychain; where there is none, not at all. */
export function createSecrets(file: string, keychain: Keychain): Secrets {
  async function read(): Promise<string | null> {
    if (!existsSync(file)) return null
    const state = await keychain.settled(PATIENCE)
    if (state === 'asking') throw asking()
    // Of another user or another computer: as if there were none.
    return state === 'none' ? null : keychain.open(readFileSync(file)).catch(() => null)
  }
  return {
    state: () => keychain.state(),
    kept: async () => (keychain.state() === 'asking' ? existsSync(file) : (await read()) !== null),
    read,
    async keep(secret) {
      if (secret === null) rmSync(file, { force: true })
      else replaceFile(file, await keychain.seal(secret))
    },
  }
}
