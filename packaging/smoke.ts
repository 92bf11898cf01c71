import { spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import type { ConcordApi } from '../src/preload/contract/index.ts'
import { command } from '../scripts/lib/command.mjs'
import { virtualDisplay } from '../scripts/lib/display.mjs'
import { switches } from '../scripts/lib/launch.mjs'
import { size } from '../scripts/lib/setup/say.mjs'
import { filesBelow } from './contents.ts'
import { installed } from './debian.ts'
import { fuses, readFuses } from './fuses.ts'

const password = 'correct horse battery'
/** Debian's user for what should own nothing. */
const nobody = 65534

/**
 * Installs the package, works with it as an ordinary user, removes it, and looks whether the data are as they were left. Needs
 * root, and a machine on which Concord is not installed. Throws at the first thing that is not as it should be.
 */
export async function smoke(file: string, tell: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('Packages are installed by root: run the smoke test as root.')
  if (existsSync(installed)) throw new Error(`${installed} exists: remove the package that is installed first.`)
  const home = mkdtempSync(join(tmpdir(), 'concord-smoke-'))
  chownSync(home, nobody, nobody)
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const started = Date.now()
    const done = await work()
    tell(`${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return done
  }
  try {
    await step(`installed ${size(statSync(file).size)}`, () => must('dpkg', ['-i', file]))
    await step('files, libraries and fuses are as they should be', inspectFiles)
    const data = join(home, 'data')
    const model = await step('by the command: a study, its votes but one, a network', () => byCommand(home, data))
    await step('at the window: the last vote, by the keyboard', () => voteAtTheWindow(home, data))
    const again = await step('sealed, labelled and trained on', model)
    await step('at the window: the network graded what nobody had', () => inferAtTheWindow(home, data, again))
    const before = stateOf(data)
    await step('removed', () => must('dpkg', ['-r', 'concord']))
    if (existsSync(installed)) throw new Error(`${installed} is still there: ${readdirSync(installed).join(', ')}`)
    if (stateOf(data) !== before) throw new Error('Removing the package touched the data.')
    tell(`the data are as they were left: ${filesBelow(data).length} files`)
  } finally {
    if (existsSync(installed)) await command('dpkg', ['-r', 'concord'])
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function must(file: string, args: string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, output } = await command(file, args, env ? { env } : {})
  if (code !== 0) throw new Error(`${[file, ...args].join(' ')} ended with ${code}:\n${output}`)
  return output
}

/** Nothing for developers inside, nothing missing outside, the sandbox's helper setuid, the fuses as the table has them. */
async function inspectFiles(): Promise<void> {
  const files = filesBelow(installed)
  const stray = files.filter((path) => /\.map$|\.ts$|[._-](test|spec)\.js$|\.partial$|(^|\/)tests?\//.test(path))
  if (stray.length > 0) throw new Error(`In the package, but should not be: ${stray.slice(0, 5).join(', ')}`)
  const helper = statSync(join(installed, 'chrome-sandbox'))
  if (helper.uid !== 0 || (helper.mode & 0o4755) !== 0o4755) throw new Error('chrome-sandbox is not setuid root.')
  for (const path of files.filter((one) => /\.(so[.\d]*|node)$|^concord$/.test(one))) {
    const missing = /^\s*(\S+) => not found/m.exec((await command('ldd', [join(installed, path)])).output)
    if (missing) throw new Error(`${path} needs ${missing[1]}, which no dependency of the package brings.`)
  }
  const found = await readFuses(join(installed, 'concord'))
  if (JSON.stringify(found) !== JSON.stringify(fuses)) throw new Error(`The fuses are ${JSON.stringify(found)}.`)
  // The same, tried: were the fuse on, this would print 42.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const tried = await command(
    join(installed, 'concord'),
    ['--headless', '--no-sandbox', '--concord-command', '--', '-p', '6*7'],
    { env },
  )
  // As a line of its own: Chromium's remarks have times and numbers in them.
  if (tried.output.split('\n').includes('42')) throw new Error('The program can be used as a plain Node.')
}

/** A program as an ordinary user, in an environment of its own. */
function asUser(home: string, data: string, extra: Record<string, string> = {}) {
  const own = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups']
  const env = { PATH: '/usr/bin:/bin', HOME: home, CONCORD_DATA: data, LANG: 'C.UTF-8', ...extra }
  return { env, args: (file: string, args: string[]): string[] => [...own, file, ...args] }
}

/** Makes the people, the scans and the study, and casts all votes but one; gives what seals, labels and trains later. */
async function byCommand(home: string, data: string): Promise<() => Promise<string>> {
  async function concord(as: string, ...args: string[]): Promise<Record<string, unknown>> {
    const secret = { CONCORD_PASSWORD: password, CONCORD_NEW_PASSWORD: password }
    const user = asUser(home, data, secret)
    const whole = as ? [...args, '--as', as] : args
    const output = await must('setpriv', user.args('/usr/bin/concord', whole), user.env)
    const line = output.split('\n').findLast((one) => one.startsWith('{'))
    return line ? (JSON.parse(line) as Record<string, unknown>) : {}
  }
  await concord('', 'account', 'create', 'admin', '--display-name', 'Administrator')
  for (const [name, role] of [
    ['lead', 'lead'],
    ['r1', 'reader'],
    ['r2', 'reader'],
    ['theo', 'trainer'],
  ] as const)
    await concord('admin', 'account', 'create', name, '--display-name', name, '--roles', role)
  const [read, unread] = [join(home, 'read'), join(home, 'unread')]
  await concord('', 'simulate', read, '--scans', '8', '--size', '64', '--slices', '4', '--readers', '1')
  await concord(
    '',
    'simulate',
    unread,
    '--scans',
    '2',
    '--size',
    '64',
    '--slices',
    '4',
    '--readers',
    '1',
    '--seed',
    '9',
  )
  const study = ['Smoke'] as const
  await concord('lead', 'study', 'create', '--title', study[0], '--readers-per-scan', '2')
  await concord('lead', 'study', 'import', ...study, join(read, 'scans'))
  await concord('lead', 'study', 'import', ...study, join(unread, 'scans'), '--purpose', 'unread')
  await concord('lead', 'study', 'readers', ...study, 'r1', 'r2')
  await concord('lead', 'study', 'open', ...study)
  for (let n = 0; n < 15; n++) await concord(n < 7 ? 'r1' : 'r2', 'study', 'vote', ...study, String(1 + (n % 5)))
  return async () => {
    await concord('lead', 'study', 'seal', ...study)
    await concord('lead', 'study', 'labels', ...study, '--name', 'Labels', '--rule', 'median')
    const small = ['--network', 'scratch4', '--image-size', '64', '--epochs', '1']
    const shares = ['--validation-share', '0.25', '--test-share', '0.25']
    const run = await concord('theo', 'train', ...study, '--labels', 'Labels', ...small, ...shares)
    if (run['state'] !== 'done') throw new Error(`The training ended as ${String(run['state'])}.`)
    return run['modelId'] as string
  }
}

/**
 * The window under Xvfb, and a hand at it. Its fuse keeps Node's inspector shut; the page is reached through Chromium's own port, which
 * only who starts the program can open.
 */
async function atTheWindow(home: string, data: string, work: (page: Page) => Promise<void>): Promise<void> {
  const screen = await virtualDisplay({ width: 1400, height: 1000 })
  const user = asUser(home, data, screen.env)
  const port = join(data, 'window/DevToolsActivePort')
  rmSync(port, { force: true })
  // All but the switch that root needs: an ordinary user has the sandbox.
  const chosen = switches({ virtual: true }).filter((one) => one !== '--no-sandbox')
  const args = user.args('/usr/bin/concord-window', [...chosen, '--remote-debugging-port=0'])
  const program: ChildProcess = spawn('setpriv', args, { env: user.env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  program.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((done) => program.once('exit', done))
  try {
    for (let n = 0; !existsSync(port) && program.exitCode === null && n < 600; n++) await pause(100)
    if (!existsSync(port)) throw new Error(`The window did not start.\n${said}`)
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${readFileSync(port, 'utf8').split('\n')[0]}`)
    const [page] = browser.contexts().flatMap((context) => context.pages())
    if (!page) throw new Error('The window shows no page.')
    await work(page)
    await browser.close()
  } finally {
    program.kill('SIGTERM')
    const code = await Promise.race([ended, pause(20_000)])
    if (code === undefined) program.kill('SIGKILL')
    screen.stop()
  }
}

async function signIn(page: Page, name: string): Promise<void> {
  const box = (field: string): string => `input[data-test="${field}"], [data-test="${field}"] input`
  await page.locator(box('sign-in-name')).first().fill(name)
  await page.locator(box('sign-in-password')).first().fill(password)
  await page.keyboard.press('Enter')
  await page.locator('[data-test="account-menu"]').waitFor()
}

const voteAtTheWindow = (home: string, data: string): Promise<void> =>
  atTheWindow(home, data, async (page) => {
    await signIn(page, 'r1')
    await page.locator('[data-test="study-open"]').first().click()
    await page.locator('[data-drawn="true"]').first().waitFor({ timeout: 60_000 })
    await page.keyboard.press('3')
    await page.keyboard.press('Enter')
    await page.locator('[data-test="queue-finished"]').waitFor()
    const parts = await page.evaluate(async () => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const all = await concord.program.parts({})
      const text =
        all.ok && all.value.parts[0] ? await concord.program.partText({ text: all.value.parts[0].text }) : all
      return all.ok && text.ok ? all.value.parts.length : 0
    })
    if (parts < 500) throw new Error(`The page "About" knows ${parts} parts.`)
  })

const inferAtTheWindow = (home: string, data: string, modelId: string): Promise<void> =>
  atTheWindow(home, data, async (page) => {
    await signIn(page, 'theo')
    const graded = await page.evaluate(async (id) => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const started = await concord.models.predict({ modelId: id, scope: 'unread', rule: 'mean' })
      if (!started.ok) return started.error.message
      for (let n = 0; n < 600; n++) {
        const all = await concord.models.predictions({ modelId: id })
        if (all.ok && all.value.length === 2) return all.value.length
        await new Promise((soon) => setTimeout(soon, 100))
      }
      return 'no grades within a minute'
    }, modelId)
    if (graded !== 2) throw new Error(`The network graded ${graded}.`)
  })

/** Names, sizes and times of all files of the data. */
const stateOf = (data: string): string =>
  filesBelow(data)
    .map((path) => `${path} ${statSync(join(data, path)).size} ${statSync(join(data, path)).mtimeMs}`)
    .join('\n')
