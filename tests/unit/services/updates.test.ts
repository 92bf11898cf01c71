import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signRelease } from '../../../packaging/update.ts'
import { compareVersions, updateFile } from '../../../src/main/services/updates/manifest.ts'
import { createUpdates, type Updates } from '../../../src/main/services/updates/updates.ts'
import type { Settings } from '../../../src/preload/contract/settings.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }) as string
const ours = generateKeyPairSync('ed25519')
const others = generateKeyPairSync('ed25519')
let program: Program
let place: string
let updates: Updates
let caller: Awaited<ReturnType<Program['person']>>

beforeAll(async () => {
  program = await startProgram()
  caller = await program.person('admin')
})
afterAll(() => program.close())

const make = (key: string | null = pem(ours.publicKey), version = '1.2.0'): Updates =>
  createUpdates({
    ...{ db: program.db, settings: program.services.settings, key, version, system: 'test-x64' },
    folder: join(program.folders.root, 'updates'),
  })
async function turnOn(from: string | null): Promise<void> {
  const settings = await program.get<Settings>('admin', 'settings.get')
  await program.get('admin', 'settings.set', { ...settings, updatesFrom: from })
}
/** Puts a release into the department's folder. */
async function publish(
  version = '1.10.0',
  { key = pem(ours.privateKey), system = 'test-x64', content = 'program' } = {},
) {
  const path = join(place, `concord_${version}.deb`)
  writeFileSync(path, content)
  writeFileSync(
    join(place, updateFile),
    await signRelease({ version, notes: 'Better.', files: [{ system, path }] }, key),
  )
  return path
}
const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  )

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'concord-updates-'))
  updates = make()
  await turnOn(place)
  return () => rmSync(place, { recursive: true, force: true })
})

describe('updates', () => {
  it('are off as delivered, and then nothing is looked at', async () => {
    await turnOn(null)
    await publish()
    expect(await code(updates.check())).toBe('updates-off')
    expect(await code(updates.take(caller, '1.10.0'))).toBe('updates-off')
    expect(updates.state()).toEqual({ from: null, keyed: true, version: '1.2.0' })
  })

  it('are shown and taken where signature, version, system, length and digest hold; it is recorded', async () => {
    await publish()
    expect(await updates.check()).toMatchObject({
      version: '1.10.0',
      name: 'concord_1.10.0.deb',
      bytes: 7,
      notes: 'Better.',
    })
    const path = await updates.take(caller, '1.10.0')
    expect(readFileSync(path, 'utf8')).toBe('program')
    const acts = await program.db.selectFrom('audit').selectAll().where('act', '=', 'settings.update-taken').execute()
    expect(acts.map(({ subject }) => JSON.parse(subject) as unknown)).toEqual([
      { version: '1.10.0', name: 'concord_1.10.0.deb' },
    ])
  })

  it('are refused unsigned, signed by another, or with a byte of the manifest changed', async () => {
    const path = await publish('1.10.0', { key: pem(others.privateKey) })
    expect(await code(updates.check())).toBe('update-unsigned')
    await publish()
    const file = join(place, updateFile)
    const good = readFileSync(file, 'utf8')
    const outer = JSON.parse(good) as { manifest: string; signature: string }
    const forms = [
      '',
      '{}',
      'not json',
      JSON.stringify({ ...outer, signature: '' }),
      JSON.stringify({ manifest: outer.manifest }),
      JSON.stringify({ ...outer, manifest: outer.manifest.replace('1.10.0', '1.11.0') }),
      JSON.stringify({ ...outer, manifest: `${outer.manifest} ` }),
      JSON.stringify({ ...outer, extra: true }),
    ]
    for (const text of forms) {
      writeFileSync(file, text)
      expect(await code(updates.check()), text.slice(0, 60)).toBe('update-unsigned')
      expect(await code(updates.take(caller, '1.10.0')), text.slice(0, 60)).toBe('update-unsigned')
    }
    expect(existsSync(path)).toBe(true)
    writeFileSync(file, good)
    expect(await updates.check()).toMatchObject({ version: '1.10.0' })
  })

  it('are refused where the file was altered, exchanged or made longer; nothing of it is kept', async () => {
    const path = await publish()
    for (const content of ['progrom', 'prog', 'program and more', '']) {
      writeFileSync(path, content)
      expect(['update-altered', 'update-unreachable']).toContain(await code(updates.take(caller, '1.10.0')))
      const kept = join(program.folders.root, 'updates')
      expect(existsSync(kept) ? readdirSync(kept) : []).toEqual([])
    }
    rmSync(path)
    expect(await code(updates.take(caller, '1.10.0'))).toBe('update-unreachable')
  })

  it('never lead back: the same version is none, an older one is refused', async () => {
    await publish('1.2.0')
    expect(await updates.check()).toBeNull()
    await publish('1.1.9')
    expect(await code(updates.check())).toBe('update-older')
    expect(await code(updates.take(caller, '1.1.9'))).toBe('update-older')
  })

  it('say so where there is none for this system, no key, no place, or another by now', async () => {
    await publish('1.10.0', { system: 'win32-x64' })
    expect(await code(updates.check())).toBe('update-other-system')
    expect(await code(make(null).check())).toBe('update-no-key')
    await publish('1.11.0')
    expect(await code(updates.take(caller, '1.10.0'))).toBe('update-gone')
    await turnOn(join(place, 'nowhere'))
    expect(await code(updates.check())).toBe('update-unreachable')
    await turnOn('https://127.0.0.1:9/updates')
    expect(await code(updates.check())).toBe('update-unreachable')
  })

  it('come over no plain address and from no relative path', async () => {
    const settings = await program.get<Settings>('admin', 'settings.get')
    for (const from of ['http://updates.example/', 'updates', 'ftp://x', 'https://'])
      expect(await program.ask('admin', 'settings.set', { ...settings, updatesFrom: from })).toMatchObject({
        error: { code: 'request-invalid' },
      })
  })

  it('name no file outside of their folder', async () => {
    mkdirSync(join(place, 'sub'))
    const { sign, createPrivateKey } = await import('node:crypto')
    for (const name of ['../x.deb', '/etc/x', 'a/b', '..', '']) {
      const manifest = JSON.stringify({
        ...{ product: 'concord', version: '9.0.0', released: '2026-01-01T00:00:00Z', notes: '' },
        files: [{ system: 'test-x64', name, bytes: 1, sha256: '0'.repeat(64) }],
      })
      const signature = sign(null, Buffer.from(manifest), createPrivateKey(pem(ours.privateKey))).toString('base64')
      writeFileSync(join(place, updateFile), JSON.stringify({ manifest, signature }))
      expect(await code(updates.check()), name).toBe('update-unsigned')
    }
  })

  it('compare versions by number', () => {
    expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0)
    expect(compareVersions('1.2', '1.2.0')).toBe(0)
    expect(compareVersions('0.9.9', '0.10.0')).toBeLessThan(0)
    expect(compareVersions('1.2.0', '1.2.0~smoke')).toBe(0)
  })
})
