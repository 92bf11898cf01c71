// The stages of `npm test`. Each resolves with a tally; output that is worth watching goes straight to the terminal.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { ensureBuilt } from '../build.mjs'
import { command } from '../command.mjs'
import { display, hasDisplay } from '../display.mjs'
import { electronBinary, nodeEnvironment, root } from '../runtime.mjs'
import { memoryFolder } from './memory-folder.mjs'
import { emptyTally, merge, oneCheck, readTally } from './tally.mjs'

const bin = {
  types: 'node_modules/vue-tsc/bin/vue-tsc.js',
  lint: 'node_modules/eslint/bin/eslint.js',
  format: 'node_modules/prettier/bin/prettier.cjs',
  unit: 'node_modules/vitest/vitest.mjs',
  e2e: 'node_modules/@playwright/test/cli.js',
}

/** Runs a tool on Electron's own Node and keeps what it says. */
const tool = (name, args) =>
  command(electronBinary(), [join(root, bin[name]), ...args], { cwd: root, env: nodeEnvironment({ NO_COLOR: '1' }) })

/** Runs a test runner on Electron's own Node, its output to the terminal, and reads the tally its reporter left. */
async function runner(name, args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'concord-tally-'))
  const file = join(folder, 'tally.json')
  const memory = memoryFolder()
  const place = memory && { TMPDIR: memory.path }
  try {
    const code = await new Promise((done, fail) => {
      const child = spawn(electronBinary(), [join(root, bin[name]), ...args], {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: nodeEnvironment({ ...env, ...place, CONCORD_TALLY: file }),
      })
      child.on('error', fail)
      child.on('exit', (status) => done(status ?? 1))
    })
    return readTally(name, file, { code, output: '' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
    memory?.remove()
  }
}

const checks = {
  types: async () => oneCheck('type check', await tool('types', ['--build'])),
  lint: async () => oneCheck('lint', await tool('lint', ['.'])),
  format: async () => oneCheck('format', await tool('format', ['--check', '--log-level=warn', '.'])),
}

const build = async (tell) => {
  await ensureBuilt({ tell })
  return emptyTally()
}

/** How many windows are tested at a time, each on a screen of its own: one waits much of its time, two fill two cores. */
const windows = 2

/**
 * As many virtual screens, whatever display there is: of the size that tests ask for, and without a person in front of it. Where
 * none can be had, the display that is there has room for one window at a time.
 */
async function screensForTests() {
  const own = () => display({ always: true })
  const screens = [await (hasDisplay() ? own().catch(() => display()) : own())]
  while (screens[0].virtual && screens.length < windows) screens.push(await own())
  return screens
}

async function e2e(filters, tell) {
  await ensureBuilt({ tell })
  const screens = await screensForTests()
  const virtual = screens.flatMap(({ env }) => env.DISPLAY ?? [])
  try {
    return await runner(
      'e2e',
      ['test', `--reporter=list,${join(root, 'scripts/lib/test/playwright-tally.mjs')}`, ...filters],
      { ...screens[0].env, CONCORD_TEST_DISPLAYS: virtual.join(' ') },
    )
  } finally {
    for (const screen of screens) screen.stop()
  }
}

/** The stages by name: `run(filters, tell)` resolves with a tally. */
export const stages = {
  types: { title: 'Type check', run: () => checks.types() },
  lint: { title: 'Lint and format', run: async () => merge(await Promise.all([checks.lint(), checks.format()])) },
  build: { title: 'Build', run: (_filters, tell) => build(tell) },
  unit: {
    title: 'Unit and contract tests',
    run: (filters) =>
      runner('unit', [
        'run',
        '--reporter=default',
        `--reporter=${join(root, 'scripts/lib/test/vitest-tally.mjs')}`,
        ...filters,
      ]),
  },
  e2e: { title: 'The real window', run: (filters, tell) => e2e(filters, tell) },
}

/**
 * The whole check: what stands together runs at the same time. Beside the window tests lint gained nothing: they keep both
 * cores of a small machine busy.
 */
export const inOrder = [['types', 'lint'], ['build'], ['unit'], ['e2e']]
