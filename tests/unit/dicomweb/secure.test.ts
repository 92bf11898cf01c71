import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Credential } from '../../../src/main/dicomweb/address.ts'
import { createClient } from '../../../src/main/dicomweb/client.ts'
import { searchStudies } from '../../../src/main/dicomweb/query.ts'
import { noKeychain, type Keychain } from '../../../src/main/services/keychain.ts'
import { createVault } from '../../../src/main/services/pacs/vault.ts'
import { startHostile, type Hostile } from '../../fixtures/pacs/hostile.ts'
import { noOpenssl, startProxy, type Proxy } from '../../fixtures/pacs/proxy.ts'

const any = { patientId: '', patientName: '', from: null, to: null, modality: '', description: '' }
let folder: string
let behind: Hostile
let proxy: Proxy

async function ask(given: { url?: string; ca?: string | null; credential?: Credential }) {
  const { url = proxy.url, ca = readFileSync(proxy.ca, 'utf8') } = given
  const { credential = { kind: 'token', token: proxy.token } } = given
  const client = createClient({ url, ca, plain: false }, credential)
  try {
    return await searchStudies(client, any, { offset: 0, limit: 1 })
  } finally {
    client.close()
  }
}

describe.skipIf(noOpenssl)(`a PACS behind TLS and a token${noOpenssl ? ` (skipped: ${noOpenssl})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-tls-'))
    behind = await startHostile()
    behind.answer = (_request, response) => void response.writeHead(204).end()
    proxy = await startProxy(folder, { rest: new URL(behind.url).origin, user: 'pacs', password: 'behind' })
  })
  afterAll(async () => {
    await proxy?.close()
    await behind?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is reached with the authority of the house and the token', async () => {
    expect(await ask({})).toEqual([])
    expect(behind.asked.at(-1)!.authorization).toBe(`Basic ${Buffer.from('pacs:behind').toString('base64')}`)
  })

  it('is not believed without its authority, nor under another name', async () => {
    const before = behind.asked.length
    await expect(ask({ ca: null })).rejects.toMatchObject({ code: 'pacs-certificate' })
    const other = proxy.url.replace('localhost', '127.0.0.2')
    await expect(ask({ url: other })).rejects.toMatchObject({
      code: expect.stringMatching(/^pacs-(certificate|unreachable)$/) as string,
    })
    expect(behind.asked.length).toBe(before)
  })

  it('refuses another token, and none', async () => {
    await expect(ask({ credential: { kind: 'token', token: 'x' } })).rejects.toMatchObject({ code: 'pacs-credential' })
    await expect(ask({ credential: { kind: 'none' } })).rejects.toMatchObject({ code: 'pacs-credential' })
  })
})

describe('credentials', () => {
  const secret = 'correct horse'
  it('lie on the disk only as the keychain gives them back, and are forgotten with the PACS', async () => {
    const own = mkdtempSync(join(tmpdir(), 'concord-vault-'))
    // Turned round stands for encryption: what the keychain does is the system's.
    const turn = (bytes: Buffer): Buffer => Buffer.from(bytes).reverse()
    const keychain: Keychain = {
      state: () => 'ready',
      settled: async () => 'ready',
      seal: async (text) => turn(Buffer.from(text)),
      open: async (sealed) => turn(sealed).toString(),
    }
    const vault = createVault({ folder: own, keychain })
    await vault.keep('p', { kind: 'token', token: secret })
    expect(readFileSync(join(own, 'p')).includes(secret)).toBe(false)
    const again = createVault({ folder: own, keychain })
    expect(await again.of('anybody', 'p', 'token')).toEqual({ kind: 'token', token: secret })
    await expect(again.of('anybody', 'p', 'basic')).rejects.toMatchObject({ code: 'pacs-credential-missing' })
    // A keychain that is another's, or gone.
    const other = createVault({ folder: own, keychain: { ...keychain, open: async () => 'rubbish' } })
    expect(await other.stateOf('anybody', 'p', 'token')).toBe('missing')
    expect(await createVault({ folder: own, keychain: noKeychain }).stateOf('anybody', 'p', 'token')).toBe('missing')
    // One that is locked: it is there, and cannot be had yet.
    const locked = createVault({
      folder: own,
      keychain: { ...keychain, state: () => 'asking', settled: async () => 'asking' },
    })
    expect(await locked.stateOf('anybody', 'p', 'token')).toBe('locked')
    await expect(locked.of('anybody', 'p', 'token')).rejects.toMatchObject({ code: 'keychain-asking' })
    locked.give('anybody', 'p', { kind: 'token', token: 'own' })
    expect(await locked.of('anybody', 'p', 'token')).toEqual({ kind: 'token', token: 'own' })
    again.forget('p')
    expect(await createVault({ folder: own, keychain }).stateOf('anybody', 'p', 'token')).toBe('missing')
    rmSync(own, { recursive: true })
  })

  it('are kept nowhere without a keychain, and are each person’s own', async () => {
    const own = mkdtempSync(join(tmpdir(), 'concord-vault-'))
    const vault = createVault({ folder: join(own, 'none'), keychain: noKeychain })
    await expect(vault.keep('p', { kind: 'token', token: secret })).rejects.toMatchObject({ code: 'no-keychain' })
    vault.give('a', 'p', { kind: 'token', token: secret })
    expect(await vault.stateOf('a', 'p', 'token')).toBe('given')
    expect(await vault.stateOf('b', 'p', 'token')).toBe('missing')
    expect(() => readFileSync(join(own, 'none', 'p'))).toThrow()
    rmSync(own, { recursive: true })
  })
})
