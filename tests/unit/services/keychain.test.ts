import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createKeychain, type AsyncStorage } from '../../../src/main/services/keychain.ts'
import { createSecrets } from '../../../src/main/services/places/secrets.ts'

/** As Electron 42.0 answers: not available until the system has answered, and lost where something is sealed before. */
function storageThat(prefix: string) {
  let open = false
  const lost = (): void => {
    if (!open) throw new Error('the process is gone')
  }
  const storage: AsyncStorage = {
    isAsyncEncryptionAvailable: () => open,
    encryptStringAsync: async (text) => {
      lost()
      return Buffer.from(prefix + text)
    },
    decryptStringAsync: async (sealed) => {
      lost()
      if (!sealed.toString().startsWith(prefix)) throw new Error('of another keychain')
      return { result: sealed.toString().slice(prefix.length) }
    },
  }
  return { storage, answer: () => (open = true) }
}

describe('the system’s keychain', () => {
  it('is asked without waiting while its dialog is open, and is there once that is answered', async () => {
    const { storage, answer } = storageThat('v11')
    const keychain = createKeychain(storage, true, 1)
    expect(keychain.state()).toBe('asking')
    expect(await keychain.settled(5)).toBe('asking')
    await expect(keychain.seal('secret')).rejects.toMatchObject({ code: 'keychain-asking' })
    await expect(keychain.open(Buffer.from('v11secret'))).rejects.toMatchObject({ code: 'keychain-asking' })
    answer()
    expect(await keychain.settled(10_000)).toBe('ready')
    expect(await keychain.open(await keychain.seal('secret'))).toBe('secret')
  })

  it('is none where Electron would seal with the password in its source: on Linux alone does its mark say so', async () => {
    const sealing = async (prefix: string, linux: boolean) => {
      const { storage, answer } = storageThat(prefix)
      answer()
      const keychain = createKeychain(storage, linux, 1)
      return [
        await keychain.settled(10_000),
        await keychain.seal('x').then(String, (error: { code: string }) => error.code),
      ]
    }
    expect(await sealing('v10', true)).toEqual(['none', 'no-keychain'])
    expect(await sealing('v11', true)).toEqual(['ready', 'v11x'])
    expect(await sealing('v10', false)).toEqual(['ready', 'v10x'])
  })

  it('says of the database’s password that it is locked instead of starting without it', async () => {
    const own = mkdtempSync(join(tmpdir(), 'concord-secret-'))
    onTestFinished(() => rmSync(own, { recursive: true }))
    const file = join(own, 'secret')
    const { storage, answer } = storageThat('v11')
    const secrets = createSecrets(file, createKeychain(storage, true, 1))
    expect(await secrets.read()).toBeNull()
    await expect(secrets.keep('of the server')).rejects.toMatchObject({ code: 'keychain-asking' })
    writeFileSync(file, 'v11of the server')
    await expect(secrets.read()).rejects.toMatchObject({ code: 'keychain-asking' })
    expect(await secrets.kept()).toBe(true)
    answer()
    await expect.poll(() => secrets.state()).toBe('ready')
    expect(await secrets.read()).toBe('of the server')
    writeFileSync(file, 'of another')
    expect(await secrets.read()).toBeNull()
    await secrets.keep(null)
    expect(await secrets.kept()).toBe(false)
  })
})
