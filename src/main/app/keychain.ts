import { safeStorage } from 'electron'
import type { Keychain } from '../services/pacs/vault.ts'

/**
 * The system's keychain (Keychain, DPAPI, Secret Service or KWallet) by way of Electron; null where there is none. On Linux
 * without one Electron would encrypt with a password that stands in its source: that is none.
 */
export function systemKeychain(): Keychain | null {
  if (!safeStorage.isEncryptionAvailable()) return null
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
    return null
  return {
    seal: (text) => safeStorage.encryptString(text),
    open: (sealed) => safeStorage.decryptString(sealed),
  }
}
