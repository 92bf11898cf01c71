// node scripts/setup.mjs [--quiet] [--tests]: brings what the program needs to this machine; the first thing of every command.
// Plain Node, no dependency. With nothing to do it takes a few stats. --quiet: silent then, and all it says goes to stderr.
// --tests: also the programs that some tests compare ours with, where they may be installed.
// Exit codes: 0 all is there, 2 something is missing and the line printed says what to do.
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheRoot } from './lib/runtime.mjs'
import { withLock } from './lib/lock.mjs'
import { SetupError } from './lib/setup/error.mjs'
import { voice } from './lib/setup/say.mjs'
import * as debian from './lib/setup/debian.mjs'
import * as electron from './lib/setup/electron.mjs'
import * as packages from './lib/setup/packages.mjs'
import * as tensorflow from './lib/setup/tensorflow.mjs'

const steps = [debian, packages, electron, tensorflow]
const quiet = process.argv.includes('--quiet')
const say = voice(quiet ? process.stderr : process.stdout)
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Without it nothing can be kept: said before the first step finds out in words of the system's. */
function requireCache() {
  try {
    mkdirSync(cacheRoot, { recursive: true })
    accessSync(cacheRoot, constants.W_OK)
  } catch (error) {
    throw new SetupError(
      `Downloads cannot be kept in ${cacheRoot} (${error.code}). Name a folder that can be written in CONCORD_CACHE, then try again.`,
    )
  }
}

async function everything() {
  const started = Date.now()
  say.line('Setting up Concord on this machine; this happens once and takes a few minutes.')
  for (const step of steps) {
    if (step.isDone()) continue
    const begun = Date.now()
    await step.run(say)
    if (!step.isDone()) throw new SetupError(`${step.name}: still missing after it was installed; please report this.`)
    say.line(`${step.name}: ready (${seconds(begun)})`)
  }
  say.line(`Set up in ${seconds(started)}.`)
}

try {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new SetupError(
      `Concord needs Node 20.9 or later; this is ${process.versions.node}. Install a newer one, then try again.`,
    )
  }
  if (!steps.every((step) => step.isDone())) {
    requireCache()
    const wait = () => say.line('Another set-up is running; waiting for it to end.')
    await withLock(join(cacheRoot, 'setup.lock'), everything, wait)
  }
} catch (error) {
  say.clear()
  const known = error instanceof SetupError
  process.stderr.write(`${known ? error.message : `Set-up failed: ${error.message}`}\n`)
  if (!known && process.env.CONCORD_DEBUG) process.stderr.write(`${error.stack}\n`)
  process.exitCode = 2
}
