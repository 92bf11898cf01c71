import { chownSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ConcordApi } from '../src/preload/contract/index.ts'
import { command } from '../scripts/lib/command.mjs'
import { size } from '../scripts/lib/setup/say.mjs'
import { asUser, atTheWindow, nobody, password, signIn, type User } from './at-the-window.ts'
import { filesBelow } from './contents.ts'
import { installed } from './debian.ts'
import { fuses, readFuses } from './fuses.ts'
import { must, type Machine } from './machine.ts'
import { developerToolsStayShut } from './shut.ts'

/**
 * Installs the package, works with it as an ordinary user, removes and purges it, and looks whether the data are as they were left.
 * Needs root, and a machine on which Concord is not installed. Throws at the first thing that is not as it should be.
 */
export async function smoke(file: string, machine: Machine, tell: (line: string) => void): Promise<void> {
  const program = join(machine.root, installed)
  if (existsSync(program)) throw new Error(`${program} exists: remove the package that is installed first.`)
  const home = mkdtempSync(join(machine.root, 'tmp/concord-smoke-'))
  chownSync(home, nobody, nobody)
  const user: User = { machine, home: join('/tmp', basename(home)), data: join(home, 'data') }
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const started = Date.now()
    const done = await work()
    tell(`${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return done
  }
  try {
    await step(`installed ${size(statSync(file).size)}`, () => machine.install(file))
    const brought = await packaged(machine)
    await step('files, libraries, commands and fuses are as they should be', () => inspectFiles(machine))
    await step('the developer tools open by no key, no menu and no switch', () => developerToolsStayShut(user))
    const model = await step('by the command: a study, its votes but one, a network', () => byCommand(user))
    await step('at the window, in its sandbox: the last vote, by the keyboard', () => voteAtTheWindow(user))
    const again = await step('sealed, labelled and trained on', model)
    await step('at the window: the network graded what nobody had', () => inferAtTheWindow(user, again))
    const before = stateOf(user.data)
    await step('removed and purged', () => machine.remove())
    const left = brought.filter((path) => existsSync(join(machine.root, path)))
    if (left.length > 0) throw new Error(`Still there after the package is gone: ${left.slice(0, 5).join(', ')}`)
    if (stateOf(user.data) !== before) throw new Error('Removing the package touched the data.')
    tell(`the data are as they were left: ${filesBelow(user.data).length} files`)
  } finally {
    // What went wrong before is what is to be told.
    if (existsSync(program)) await machine.remove().catch(() => undefined)
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** The files of the package, and what only its folders are left out. */
async function packaged(machine: Machine): Promise<string[]> {
  const paths: string[] = []
  const [file, ...args] = machine.line('/usr/bin/dpkg', ['-L', 'concord'])
  await command(file, args, { onLine: (line) => paths.push(line) })
  const own = paths.filter((path) => path.startsWith(installed) || /\/concord[^/]*$/.test(path))
  if (own.length < 500) throw new Error(`dpkg knows ${own.length} files of the package.`)
  return own
}

/** Nothing for developers inside, nothing missing outside, the sandbox's helper setuid, the fuses as the table has them. */
async function inspectFiles(machine: Machine): Promise<void> {
  const folder = join(machine.root, installed)
  const files = filesBelow(folder)
  const stray = files.filter((path) => /\.map$|\.ts$|[._-](test|spec)\.js$|\.partial$|(^|\/)tests?\//.test(path))
  if (stray.length > 0) throw new Error(`In the package, but should not be: ${stray.slice(0, 5).join(', ')}`)
  const helper = statSync(join(folder, 'chrome-sandbox'))
  if (helper.uid !== 0 || (helper.mode & 0o4755) !== 0o4755) throw new Error('chrome-sandbox is not setuid root.')
  const run = async (file: string, args: string[], env = process.env): Promise<{ code: number; output: string }> => {
    const [first, ...rest] = machine.line(file, args)
    return command(first, rest, { env })
  }
  for (const path of files.filter((one) => /\.(so[.\d]*|node)$|^concord$/.test(one))) {
    const missing = /^\s*(\S+) => not found/m.exec((await run('/usr/bin/ldd', [join(installed, path)])).output)
    if (missing) throw new Error(`${path} needs ${missing[1]}, which no dependency of the package brings.`)
  }
  const changed = await run('/usr/bin/dpkg', ['--verify', 'concord'])
  // A minimal system keeps neither pages of the manual nor documents.
  const odd = changed.output.split('\n').filter((line) => line && !/ \/usr\/share\/(man|doc|lintian)\//.test(line))
  if (changed.code > 1 || odd.length > 0) throw new Error(`dpkg --verify: ${odd.join('; ') || changed.output}`)
  const found = await readFuses(join(folder, 'concord'))
  if (JSON.stringify(found) !== JSON.stringify(fuses)) throw new Error(`The fuses are ${JSON.stringify(found)}.`)
  // The same, tried: were the fuse on, this would print 42.
  const tried = await run(
    join(installed, 'concord'),
    ['--headless', '--no-sandbox', '--concord-command', '--', '-p', '6*7'],
    { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  )
  // As a line of its own: Chromium's remarks have times and numbers in them.
  if (tried.output.split('\n').includes('42')) throw new Error('The program can be used as a plain Node.')
}

/** Makes the people, the scans and the study, and casts all votes but one; gives what seals, labels and trains later. */
async function byCommand(user: User): Promise<() => Promise<string>> {
  const help = asUser(user, 'concord', ['--help'])
  if (!/^\s*study\b/m.test(await must(help.line, help.env)))
    throw new Error('concord --help does not list its commands.')
  async function concord(as: string, ...args: string[]): Promise<Record<string, unknown>> {
    const secret = { CONCORD_PASSWORD: password, CONCORD_NEW_PASSWORD: password }
    const asked = asUser(user, '/usr/bin/concord', as ? [...args, '--as', as] : args, secret)
    const output = await must(asked.line, asked.env)
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
  const [read, unread] = [join(user.home, 'read'), join(user.home, 'unread')]
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

const voteAtTheWindow = (user: User): Promise<void> =>
  atTheWindow(user, async (page) => {
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
    const told = await page.evaluate(async () => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const all = await concord.program.about({})
      return all.ok ? all.value.version : all.error.message
    })
    const status = await must(user.machine.line('/usr/bin/dpkg-query', ['-W', '-f', '${Version}', 'concord']))
    if (told !== status) throw new Error(`The page "About" says ${told}, the package ${status}.`)
    if (parts < 500) throw new Error(`The page "About" knows ${parts} parts.`)
  })

const inferAtTheWindow = (user: User, modelId: string): Promise<void> =>
  atTheWindow(user, async (page) => {
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
