import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { noKeyring, startKeyring, type Keyring } from '../fixtures/keyring.ts'
import { startProgram } from '../fixtures/program.ts'
import { openWindow } from '../main-job/window.ts'
import { expect, test, type Window } from './window.ts'

const secret = 'Kranichfeder 47 unter dem Pult'
let home: string
let keyring: Keyring
let archive: Server
const asked: (string | undefined)[] = []

test.beforeEach(async () => {
  test.skip(noKeyring !== null, noKeyring ?? '')
  home = mkdtempSync(join(tmpdir(), 'concord-keyring-'))
  keyring = await startKeyring(home)
  // An archive that lets in whoever has the password.
  archive = createServer((request, response) => {
    asked.push(request.headers.authorization)
    const right = request.headers.authorization === `Basic ${Buffer.from(`concord:${secret}`).toString('base64')}`
    response.writeHead(right ? 200 : 401, { 'content-type': 'application/dicom+json' }).end('[]')
  }).listen(0, '127.0.0.1')
  await once(archive, 'listening')
})
test.afterEach(async () => {
  archive?.close()
  await keyring?.close()
  if (home) rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

const open = (data: string, env: Record<string, string>): Promise<Window> =>
  openWindow({ data, env, size: { width: 1280, height: 800 }, args: ['--password-store=gnome-libsecret'] })

/** Every byte of every file below the folders. */
const filesWith = (word: string, ...folders: string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) =>
        [word, Buffer.from(word).toString('base64').slice(2, -4)].some((w) => readFileSync(file).includes(w)),
      ),
  )

test('a credential lies in the system’s keychain alone, is there after a restart, and is asked for where the keychain is locked', async ({
  data,
}) => {
  const program = await startProgram(data)
  await program.person('admin')
  await program.close()
  const { port } = archive.address() as AddressInfo

  const first = await open(data, keyring.env)
  await first.signIn('admin')
  await first.goTo('pacs')
  await first.click('pacs-new')
  await expect(first.at('pacs-form')).toContainText('system’s keychain')
  await first.fill('pacs-name', 'Archive')
  await first.fill('pacs-url', `http://127.0.0.1:${port}/dicom-web`)
  await first.at('pacs-auth').selectOption('basic')
  await first.fill('pacs-user', 'concord')
  await first.fill('pacs-password', secret)
  await first.click('pacs-save')
  await first.at('pacs-saved').waitFor()
  await first.close()
  expect(readdirSync(join(data, 'credentials'))).toHaveLength(1)
  expect(filesWith(secret, data, home)).toEqual([])
  // Not Electron's own password for systems without a keychain ("v10"), which stands in its source.
  const [file] = readdirSync(join(data, 'credentials'))
  expect(
    readFileSync(join(data, 'credentials', file!))
      .subarray(0, 3)
      .toString(),
  ).toBe('v11')

  const second = await open(data, keyring.env)
  await second.signIn('admin')
  await second.goTo('pacs')
  await expect(second.at('pacs-card')).toContainText('Credential in the keychain')
  await second.click('pacs-test')
  await second.at('pacs-works').waitFor()
  expect(asked.at(-1)).toMatch(/^Basic /)
  await second.close()

  keyring.lock()
  const third = await open(data, keyring.env)
  await third.signIn('admin')
  const list = await third.page.evaluate(async () => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    return concord.pacs.list({})
  })
  expect(list).toMatchObject({ ok: true, value: { keychain: 'none', pacs: [{ credential: 'missing' }] } })
  await third.goTo('pacs')
  await expect(third.at('pacs-card')).toContainText('No credential yet')
  await third.close()
  expect(filesWith(secret, data, home)).toEqual([])
})

test('a keychain that is locked and asks for its password holds nothing up: the page says what waits, and follows the answer', async ({
  data,
}) => {
  const { DISPLAY: display } = process.env
  test.skip(display === undefined, 'there is no display for the dialog')
  const program = await startProgram(data)
  await program.person('admin')
  const url = `http://127.0.0.1:${(archive.address() as AddressInfo).port}/dicom-web`
  const wanted = { id: null, name: 'Archive', url, auth: 'basic', plain: false, credential: null }
  const { id } = await program.get<{ id: string }>('admin', 'pacs.save', wanted)
  await program.close()
  // As it lies there from an earlier day; the keychain alone knows what it says.
  mkdirSync(join(data, 'credentials'), { recursive: true })
  writeFileSync(join(data, 'credentials', id), 'v11')
  await keyring.close()
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home)
  keyring = await startKeyring(home, display)
  // The collection that is locked must hold the program's own password first.
  await (await open(data, keyring.env)).close()
  keyring.lock()

  const window = await open(data, keyring.env)
  await expect.poll(() => keyring.dialog()).not.toBeNull()
  await window.signIn('admin')
  await window.goTo('pacs')
  await window.at('keychain-asking').waitFor()
  await expect(window.at('pacs-card')).toContainText('which is locked')
  await window.click('pacs-test')
  await expect(window.at('pacs-card')).toContainText('Answer it there, then try again')
  // Nobody has answered, and all of the above was done.
  const dialog = keyring.dialog()
  expect(dialog).not.toBeNull()
  process.kill(dialog!)
  await expect(window.at('pacs-card')).toContainText('No credential yet')
  await expect(window.at('keychain-asking')).toHaveCount(0)
  await window.close()
})
