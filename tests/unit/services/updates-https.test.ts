import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { signRelease } from '../../../packaging/update.ts'
import { updateFile } from '../../../src/main/services/updates/manifest.ts'
import { createUpdates } from '../../../src/main/services/updates/updates.ts'
import type { Settings } from '../../../src/preload/contract/settings.ts'
import { httpsPlace, noOpenssl, ownAuthority } from '../../fixtures/https-place.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }) as string
const ours = generateKeyPairSync('ed25519')
const others = generateKeyPairSync('ed25519')
const program = 'the program '.repeat(20_000)

describe.skipIf(noOpenssl)('updates from an address (skipped where there is no openssl)', () => {
  let made: string
  let authority: ReturnType<typeof ownAuthority>
  let concord: Program
  let caller: Awaited<ReturnType<Program['person']>>
  let place: Awaited<ReturnType<typeof httpsPlace>>

  /** As the server has it: what is asked for by name, whole. */
  const gives: RequestListener = (request, reply) => {
    const path = join(made, 'place', basename(request.url ?? ''))
    if (!existsSync(path)) return void reply.writeHead(404).end('nothing here')
    reply.end(readFileSync(path))
  }
  /** The same for the small file, another way for the program itself. */
  const instead =
    (other: RequestListener): RequestListener =>
    (request, reply) =>
      (request.url?.endsWith(updateFile) ? gives : other)(request, reply)

  beforeAll(async () => {
    made = mkdtempSync(join(tmpdir(), 'concord-updates-https-'))
    authority = ownAuthority(made)
    mkdirSync(join(made, 'none'))
    // As if the department had put its authority among those that the system trusts (update-ca-certificates).
    vi.stubEnv('SSL_CERT_FILE', authority.ca)
    vi.stubEnv('SSL_CERT_DIR', join(made, 'none'))
    concord = await startProgram()
    caller = await concord.person('admin')
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await concord.close()
    rmSync(made, { recursive: true, force: true })
  })
  beforeEach(async () => {
    mkdirSync(join(made, 'place'), { recursive: true })
    place = await httpsPlace(authority.sign(), gives)
    await turnOn(place.url)
    await publish()
    return async () => {
      await place.close()
      rmSync(join(made, 'place'), { recursive: true, force: true })
    }
  })

  const updates = (patience?: { silence: number; whole: number }) =>
    createUpdates({
      ...{ db: concord.db, settings: concord.services.settings, key: pem(ours.publicKey), version: '1.2.0' },
      ...{ system: 'test-x64', folder: join(concord.folders.root, 'updates'), patience },
    })
  async function turnOn(from: string): Promise<void> {
    const settings = await concord.get<Settings>('admin', 'settings.get')
    await concord.get('admin', 'settings.set', { ...settings, updatesFrom: from })
  }
  async function publish(version = '1.10.0', key = pem(ours.privateKey)): Promise<string> {
    const path = join(made, 'place', 'concord.deb')
    writeFileSync(path, program)
    const text = await signRelease({ version, notes: 'Better.', files: [{ system: 'test-x64', path }] }, key)
    writeFileSync(join(made, 'place', updateFile), text)
    return path
  }
  /** What is said, after it was made sure that nothing was left in the folder. */
  async function said(work: Promise<unknown>): Promise<string> {
    const outcome = await work.then(
      () => 'no error',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    )
    const kept = join(concord.folders.root, 'updates')
    expect(existsSync(kept) ? readdirSync(kept) : []).toEqual([])
    return outcome.replaceAll(new URL(place.url).host, 'HOST')
  }

  it('are shown and fetched where the department’s own authority signed for the server', async () => {
    const found = await updates().check()
    expect(found).toMatchObject({ version: '1.10.0', notes: 'Better.', bytes: program.length })
    expect(place.asked).toEqual([`/concord/${updateFile}`])
    expect(readFileSync(await updates().take(caller, '1.10.0'), 'utf8')).toBe(program)
    rmSync(join(concord.folders.root, 'updates'), { recursive: true })
  })

  it('are refused with another’s signature, or where an older version lies there', async () => {
    await publish('1.10.0', pem(others.privateKey))
    expect(await said(updates().check())).toMatch(/^update-unsigned: /)
    await publish('1.1.0')
    expect(await said(updates().take(caller, '1.1.0'))).toMatch(/^update-older: .*1\.1\.0, older than this one/)
    await publish('1.2.0')
    expect(await updates().check()).toBeNull()
  })

  it('are not kept where the file is altered, longer than signed for, or cut off', async () => {
    const path = await publish()
    for (const text of [program.replace('p', 'q'), `${program}more`, program.slice(1), '']) {
      writeFileSync(path, text)
      expect(await said(updates().take(caller, '1.10.0'))).toMatch(/^update-altered: .*It was deleted/)
    }
    place.answer = instead((_request, reply) => {
      reply.writeHead(200, { 'content-length': program.length })
      reply.write(program.slice(0, 1000), () => reply.destroy())
    })
    expect(await said(updates().take(caller, '1.10.0'))).toBe(
      'update-broken-off: The server HOST broke off before the whole file was here. Nothing of it was kept. Look again.',
    )
  })

  it('end where a server sends without end, and no more than was signed for is written', async () => {
    let sent = 0
    const endless: RequestListener = (_request, reply) => {
      const more = (): void => {
        while (!reply.destroyed && reply.write(Buffer.alloc(65_536, 32))) sent += 65_536
        if (!reply.destroyed) reply.once('drain', more)
      }
      more()
    }
    place.answer = instead(endless)
    expect(await said(updates().take(caller, '1.10.0'))).toMatch(/^update-altered: /)
    place.answer = endless
    expect(await said(updates().check())).toMatch(/^update-unsigned: /)
    // What lies in the buffers on the way is all that is sent in vain.
    expect(sent).toBeLessThan(50_000_000)
  })

  it('end where a server falls silent or drips', async () => {
    const silent: RequestListener = (_request, reply) => reply.writeHead(200).flushHeaders()
    const sentence =
      'update-slow: The server HOST is too slow or has stopped answering. Nothing of it was kept. Look again later.'
    place.answer = () => undefined
    expect(await said(updates({ silence: 100, whole: 60_000 }).check())).toBe(sentence)
    place.answer = silent
    expect(await said(updates({ silence: 100, whole: 60_000 }).check())).toBe(sentence)
    place.answer = instead(silent)
    expect(await said(updates({ silence: 300, whole: 60_000 }).take(caller, '1.10.0'))).toBe(sentence)
    place.answer = instead((_request, reply) => {
      const timer = setInterval(() => reply.write(' '), 10)
      reply.on('close', () => clearInterval(timer))
    })
    expect(await said(updates({ silence: 60_000, whole: 500 }).take(caller, '1.10.0'))).toBe(sentence)
  })

  it('are not led on to another server, nor to another path', async () => {
    const other = await httpsPlace(authority.sign(), gives)
    for (const to of [`${other.url}/${updateFile}`, '/elsewhere', 'http://localhost/x']) {
      place.answer = (_request, reply) => void reply.writeHead(302, { location: to }).end()
      expect(await said(updates().check())).toMatch(/^update-redirect: The server HOST sends us to another address \(/)
    }
    place.answer = instead(
      (_request, reply) => void reply.writeHead(301, { location: `${other.url}/concord.deb` }).end(),
    )
    expect(await said(updates().take(caller, '1.10.0'))).toMatch(/^update-redirect: /)
    expect(other.asked).toEqual([])
    expect(place.asked.filter((path) => !path.startsWith('/concord/'))).toEqual([])
    await other.close()
  })

  it('say what is missing, and that nothing answers', async () => {
    place.answer = (_request, reply) => void reply.writeHead(404).end()
    expect(await said(updates().check())).toBe(
      `update-missing: The server HOST does not give us ${updateFile} (answer 404). Check the place, then look again.`,
    )
    place.answer = instead((_request, reply) => void reply.writeHead(500).end())
    expect(await said(updates().take(caller, '1.10.0'))).toMatch(/^update-missing: .*concord\.deb \(answer 500\)/)
    await place.close()
    expect(await said(updates().check())).toMatch(/^update-unreachable: .*HOST, cannot be reached \(ECONNREFUSED\)/)
  })

  it.each([
    ['has expired', { from: -4, to: -2 }, 'DNS:localhost', 'has expired'],
    ['is not valid yet', { from: 1, to: 2 }, 'DNS:localhost', 'is not valid yet'],
    ['names another server', {}, 'DNS:updates.example', 'names another server'],
    [
      'is from a strange authority',
      { by: 'strange' },
      'DNS:localhost',
      'is from an authority that this machine does not',
    ],
  ])('are not asked for where the certificate %s', async (_, days, names, words) => {
    await place.close()
    place = await httpsPlace(authority.sign(names, days), gives)
    await turnOn(place.url)
    expect(await said(updates().check())).toContain(`update-certificate: The certificate of HOST ${words}`)
    expect(place.asked).toEqual([])
  })

  it('leave nothing of a fetch that was killed: the next start clears it away, and keeps what is whole', async () => {
    const folder = join(concord.folders.root, 'updates')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'concord.deb'), program)
    updates().clear()
    expect(readdirSync(folder)).toEqual(['concord.deb'])
    writeFileSync(join(folder, 'concord.deb.part'), program.slice(0, 100))
    updates().clear()
    expect(existsSync(folder)).toBe(false)
  })
})
