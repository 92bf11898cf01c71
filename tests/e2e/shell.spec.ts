import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { launch } from '../../scripts/lib/launch.mjs'
import { root } from '../../scripts/lib/runtime.mjs'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { closeDatabase, openDatabase } from '../../src/main/store/database.ts'
import { allRoutes } from '../../src/preload/contract/index.ts'
import { maglevCompiles } from '../fixtures/tiers.ts'
import { expect, takeErrors, test } from './window.ts'

test('the page is in the sandbox, without Node, behind one frozen object', async ({ open }) => {
  const { app, page } = await open()
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!
    const kept = webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = kept.getLastWebPreferences()
    return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity }
  })
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
  expect(preferences.webviewTag ?? false).toBe(false)
  expect(preferences.webSecurity ?? true).toBe(true)

  const found = await page.evaluate(() => {
    const global = globalThis as unknown as Record<string, unknown>
    return ['require', 'process', 'module', 'Buffer', '__dirname', 'electron', 'ipcRenderer', 'global'].filter(
      (name) => global[name] !== undefined,
    )
  })
  expect(found).toEqual([])

  const bridge = await page.evaluate(async () => {
    const { concord } = globalThis as unknown as { concord: Record<string, Record<string, unknown>> }
    const tries = [
      () => ((concord['accounts'] as Record<string, unknown>)['signIn'] = () => 'mine'),
      () => (concord['extra'] = {}),
      () => delete concord['reading'],
      () => ((globalThis as unknown as Record<string, unknown>)['concord'] = {}),
    ]
    for (const attempt of tries)
      try {
        attempt()
      } catch {
        // In strict code the refusal throws.
      }
    const state = (await (concord['accounts'] as unknown as ConcordApi['accounts']).state({})).ok
    const names = Object.entries(concord).flatMap(([area, verbs]) =>
      typeof verbs === 'function' ? [area] : Object.keys(verbs).map((verb) => `${area}.${verb}`),
    )
    const frozen =
      Object.isFrozen(concord) &&
      Object.values(concord).every((part) => Object.isFrozen(part) || typeof part === 'function')
    return { names, frozen, state, signIn: String(concord['accounts']!['signIn']) }
  })
  expect(bridge.names.sort()).toEqual([...allRoutes().map((route) => route.channel), 'on', 'pathOf'].sort())
  expect(bridge).toMatchObject({ frozen: true, state: true })
  expect(bridge.signIn).not.toContain('mine')
})

test('no script but the program’s own runs', async ({ open }) => {
  const window = await open()
  await window.at('first-start-name').waitFor()
  const policy = await window.page.evaluate(async () =>
    (await fetch('app://concord/index.html')).headers.get('content-security-policy'),
  )
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/)

  const ran = await window.page.evaluate(async () => {
    const refused = new Set<string>()
    document.addEventListener('securitypolicyviolation', (event) =>
      refused.add(`${event.effectiveDirective} ${event.blockedURI}`),
    )
    const script = (change: (element: HTMLScriptElement) => void): void => {
      const element = document.createElement('script')
      change(element)
      document.head.append(element)
    }
    script((element) => (element.textContent = 'window.ranInline = true'))
    script((element) => (element.src = 'data:text/javascript,window.ranData = true'))
    script((element) => (element.src = 'https://example.org/any.js'))
    const button = document.createElement('button')
    button.setAttribute('onclick', 'window.ranHandler = true')
    document.body.append(button)
    button.click()
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const inFrame = (frame.contentWindow as unknown as { concord?: unknown } | null)?.concord !== undefined
    // What was refused is told one after the other; what ran would have by then, and a little later still.
    for (let n = 0; n < 1000 && refused.size < 4; n++) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const found = Object.keys(window).filter((name) => name.startsWith('ran'))
    return { found, inFrame, refused: [...refused].sort() }
  })
  expect(ran.found).toEqual([])
  expect(ran.inFrame).toBe(false)
  expect(ran.refused).toEqual([
    'script-src-attr inline',
    'script-src-elem data',
    'script-src-elem https://example.org/any.js',
    'script-src-elem inline',
  ])
  expect(takeErrors(window).length).toBeGreaterThan(0)
})

test('numbers are computed by no compiler that computes wrongly now and then, in the program and in its pages', async ({
  open,
}) => {
  const { app } = await open()
  expect(await app.evaluate(maglevCompiles)).toBe(false)
  const ofPages = await app.evaluate(({ app: electron }) => electron.commandLine.getSwitchValue('js-flags'))
  expect(ofPages).toBe('--no-maglev')
})

test('the page cannot leave, open windows, ask for permissions, or reach the network', async ({ open }) => {
  let asked = 0
  const server = createServer((_request, reply) => {
    asked++
    reply.setHeader('access-control-allow-origin', '*').end('hello')
  }).listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    const window = await open()
    const { app, page } = window
    await window.at('first-start-name').waitFor()
    const address = page.url()

    for (const to of [outside, 'data:text/html,hello', 'file:///etc/hostname', 'app://elsewhere/'])
      await page.evaluate((url) => void setTimeout(() => (location.href = url)), to)
    const opened = await page.evaluate(
      (url) => [globalThis.open(url), globalThis.open('about:blank')].map((w) => w === null),
      outside,
    )
    expect(opened).toEqual([true, true])
    const permissions = await page.evaluate(async () => ({
      notification: await Notification.requestPermission(),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code),
        ),
      ),
      asked: await Promise.all(
        ['camera', 'microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi'].map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      ),
    }))
    const denied = 'denied'
    expect(permissions).toEqual({ notification: denied, place: 1, asked: Array<string>(6).fill(denied) })

    const reached = await page.evaluate(async (url) => {
      const image = (): Promise<string> =>
        new Promise((resolve) => {
          const element = new Image()
          element.onload = () => resolve('loaded')
          element.onerror = () => resolve('refused')
          element.src = `${url}picture.png`
        })
      const fetched = await fetch(url).then(
        () => 'loaded',
        () => 'refused',
      )
      navigator.sendBeacon(url, 'hello')
      return [fetched, await image()]
    }, outside)
    expect(reached).toEqual(['refused', 'refused'])
    // Without the page's own policy in the way, the session itself refuses.
    const bySession = await app.evaluate(
      ({ session }, url) =>
        session.defaultSession.fetch(url).then(
          () => 'loaded',
          (error: Error) => error.message,
        ),
      outside,
    )
    expect(bySession).toContain('ERR_BLOCKED_BY_CLIENT')
    expect(asked).toBe(0)

    // Asked in the page: Playwright itself waits for the navigations that the program refused.
    const left = await page.evaluate(() => [
      location.href,
      document.querySelector('[data-test="first-start-name"]') !== null,
    ])
    expect(left).toEqual([address, true])
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    takeErrors(window)
  } finally {
    server.close()
  }
})

test('only the program’s own page, in the window that it knows, is heard', async ({ open }) => {
  const { app, page } = await open()
  const preload = join(root, 'dist/preload/index.cjs')
  const found = await app.evaluate(async ({ BrowserWindow }, file) => {
    const ask = `Promise.all([concord.accounts.state({}), concord.studies.list({}), concord.program.about({})])
      .then((replies) => replies.map((reply) => (reply.ok ? 'ok' : reply.error.code)))`
    const found: Record<string, unknown> = {}
    // With our own preload, as a window opened by mistake would have: another address, a foreign page, and even our own page.
    for (const url of ['data:text/html,foreign', 'about:blank', 'app://concord/index.html']) {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { preload: file, sandbox: true, contextIsolation: true },
      })
      await window.loadURL(url)
      found[url] = await window.webContents.executeJavaScript(ask)
      window.destroy()
    }
    return found
  }, preload)
  for (const codes of Object.values(found))
    expect(codes).toEqual(['sender-refused', 'sender-refused', 'sender-refused'])
  expect(Object.keys(found)).toHaveLength(3)
  const own = await page.evaluate(async () => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    return (await concord.accounts.state({})).ok
  })
  expect(own).toBe(true)
})

test('the page’s own files are all that its address serves', async ({ open }) => {
  const { app } = await open()
  const served = await app.evaluate(async ({ session }) => {
    const paths = [
      'concord/index.html',
      'concord/../main/index.js',
      'concord/%2e%2e/main/index.js',
      'concord/..%2fmain%2findex.js',
      'concord/..%5cmain%5cindex.js',
      'concord/%2fetc%2fhostname',
      'elsewhere/index.html',
    ]
    return Promise.all(paths.map(async (path) => (await session.defaultSession.fetch(`app://${path}`)).status))
  })
  expect(served[0]).toBe(200)
  expect(served.slice(1).every((status) => status === 403 || status === 404)).toBe(true)
})

interface Ended {
  code: number | null
  box: { title: string; text: string } | null
}

/** Starts the program by itself and waits for its end; what an error box would have said is kept instead of shown. */
async function startAndEnd(data: string): Promise<Ended> {
  const hook = join(data, 'box.cjs')
  const said = join(data, 'box.json')
  writeFileSync(
    hook,
    `require('electron').dialog.showErrorBox = (title, text) =>
       require('node:fs').writeFileSync(${JSON.stringify(said)}, JSON.stringify({ title, text }))`,
  )
  const { executablePath, args, env, cwd } = launch({ data })
  const child = spawn(executablePath, ['-r', hook, ...args], { env, cwd, stdio: 'ignore' })
  const code = await new Promise<number | null>((ended) => child.once('exit', ended))
  let box: Ended['box'] = null
  try {
    box = JSON.parse(readFileSync(said, 'utf8')) as Ended['box']
  } catch {
    // No box was shown.
  }
  return { code, box }
}

test('a second start on the same data ends at once and shows the first', async ({ data, open }) => {
  const { app, page } = await open()
  // It listens before anything is started.
  const shown = await app.evaluateHandle(({ app: program }) => ({
    told: new Promise<string>((told) => program.once('second-instance', () => told('told'))),
  }))
  expect(await startAndEnd(data)).toEqual({ code: 0, box: null })
  expect(await shown.evaluate(({ told }) => told)).toBe('told')
  expect(
    await page.evaluate(async () => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      return (await concord.accounts.state({})).ok
    }),
  ).toBe(true)
})

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

test.describe('a database that cannot be used is named at the start and left as it is', () => {
  const cases: { what: string; shows: string; make(file: string): Promise<void> | void }[] = [
    {
      what: 'written by a newer version',
      shows: '[data-test="failure"][data-code="database-newer"]',
      make: async (file) => {
        await closeDatabase(await openDatabase(file))
        const db = new Sqlite(file)
        db.pragma('user_version = 99')
        db.close()
      },
    },
    {
      what: 'not a database',
      shows: '[data-test="recovery-none"]',
      make: (file) => writeFileSync(file, randomBytes(20_000)),
    },
    {
      what: 'cut off',
      shows: '[data-test="recovery-none"]',
      make: async (file) => {
        await closeDatabase(await openDatabase(file))
        truncateSync(file, 6000)
      },
    },
    {
      what: 'of another program',
      shows: '[data-test="failure"][data-code="database-foreign"]',
      make: (file) => {
        const db = new Sqlite(file)
        db.pragma('journal_mode = WAL')
        db.exec('create table invoice (id integer primary key)')
        db.close()
      },
    },
  ]
  for (const { what, shows, make } of cases)
    test(what, async ({ data, open }) => {
      const file = join(data, 'concord.db')
      await make(file)
      const before = sha256(file)
      const window = await open()
      await window.page.locator(shows).waitFor()
      takeErrors(window)
      await window.close()
      expect(sha256(file)).toBe(before)
    })
})
