import { app, safeStorage } from 'electron'
import { createKeychain, type Keychain } from '../services/keychain.ts'

/** The system's keychain (Keychain, DPAPI, Secret Service or KWallet) by way of Electron, which can be asked once it is ready. */
export function systemKeychain(): Keychain {
  return createKeychain(
    {
      isAsyncEncryptionAvailable: () => app.isReady() && safeStorage.isAsyncEncryptionAvailable(),
      encryptStringAsync: (text) => safeStorage.encryptStringAsync(text),
      decryptStringAsync: (sealed) => safeStorage.decryptStringAsync(sealed),
    },
    process.platform === 'linux',
  )
}
