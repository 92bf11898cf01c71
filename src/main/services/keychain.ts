import { setTimeout as pause } from 'node:timers/promises'
import type { KeychainState } from '../../preload/contract/common.ts'
import { ConcordError } from '../domain/error.ts'

/** What the system encrypts for this account of it, and opens again. Nothing here holds the process while the system asks. */
export interface Keychain {
  state(): KeychainState
  /** Its state as soon as the system has answered, or after so many milliseconds. */
  settled(within: number): Promise<KeychainState>
  /** Errors: `keychain-asking`, `no-keychain`. */
  seal(text: string): Promise<Buffer>
  /** Errors: as above, and those of the system where another account or keychain sealed it. */
  open(sealed: Buffer): Promise<string>
}

/** As without a window. */
export const noKeychain: Keychain = {
  state: () => 'none',
  settled: () => Promise.resolve('none'),
  seal: () => Promise.reject(none()),
  open: () => Promise.reject(none()),
}

/** The part of Electron's `safeStorage` that answers later. */
export interface AsyncStorage {
  isAsyncEncryptionAvailable(): Promise<boolean> | boolean
  encryptStringAsync(text: string): Promise<Buffer>
  decryptStringAsync(sealed: Buffer): Promise<{ result: string }>
}

/**
 * The system's keychain by way of Electron's asynchronous `safeStorage`; the synchronous one holds the process until the system's dialog is answered.
 * Electron 42.0 crashes where something is sealed before the system has answered (electron/electron#51759), and its answer
 * is then "not available": it is asked again and again, and nothing is sealed before.
 * On Linux without a keychain, or with one that was not opened, Electron seals with a password that stands in its source
 * ("v10"; Chromium's os_crypt): that is none.
 * @param every milliseconds between two questions
 */
export function createKeychain(storage: AsyncStorage, linux: boolean, every = 100): Keychain {
  let state: KeychainState = 'asking'
  const answered = (async () => {
    while (!(await storage.isAsyncEncryptionAvailable())) await pause(every, undefined, { ref: false })
    const probe = await storage.encryptStringAsync('concord')
    state = linux && probe.subarray(0, 3).toString() === 'v10' ? 'none' : 'ready'
  })().catch(() => {
    state = 'none'
  })
  const requireReady = (): void => {
    if (state === 'none') throw none()
    if (state === 'asking') throw asking()
  }
  return {
    state: () => state,
    async settled(within) {
      if (state === 'asking') await Promise.race([answered, pause(within, undefined, { ref: false })])
      return state
    },
    async seal(text) {
      requireReady()
      return storage.encryptStringAsync(text)
    },
    async open(sealed) {
      requireReady()
      return (await storage.decryptStringAsync(sealed)).result
    },
  }
}

export const asking = (): ConcordError =>
  new ConcordError(
    'keychain-asking',
    "The system's keychain is locked and asks for its password in a window of its own. Answer it there, then try again.",
  )

const none = (): ConcordError =>
  new ConcordError(
    'no-keychain',
    'The system has no keychain here, so the credential cannot be kept. It is asked for in each session.',
  )
