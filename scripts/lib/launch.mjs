// How the window is started from a checkout: for `npm start`, and for Playwright's _electron.launch in tests and demo.
import { existsSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasGpu, hasMessageBus } from './display.mjs'
import { electronBinary, root } from './runtime.mjs'

/** A container's share of memory between programs may be a few pages' pictures: then they are passed on through files. */
function hasSharedMemory() {
  if (process.platform !== 'linux') return true
  if (!existsSync('/dev/shm')) return false
  const { blocks, bsize } = statfsSync('/dev/shm')
  return blocks * bsize >= 1024 ** 3
}

/** Switches this machine needs. Chromium's sandbox refuses to run as root; such a start is for development only. */
export function switches({ virtual = false } = {}) {
  const asRoot = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : []
  // Without a card nearly all of a frame's time goes into composing the page in software GL; the plain compositor is faster.
  const gl = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing']
  const software = virtual || !hasGpu() ? gl : []
  // A machine without a desktop has no message bus; Chromium reports that a dozen times at each start.
  const quiet = virtual || !hasMessageBus() ? ['--log-level=3'] : []
  const files = hasSharedMemory() ? [] : ['--disable-dev-shm-usage']
  return [...asRoot, ...software, ...quiet, ...files]
}

/** This process's environment for a window: the variables that make Electron a plain Node are taken out. */
export function windowEnvironment(extra = {}) {
  const { ELECTRON_RUN_AS_NODE: _node, NODE_OPTIONS: _options, NODE_NO_WARNINGS: _quiet, ...env } = process.env
  return { ...env, ...extra }
}

/** A new, empty data folder below the machine's temporary folder; the caller removes it. */
export function freshDataFolder(prefix = 'concord-data-') {
  return mkdtempSync(join(tmpdir(), prefix))
}

/**
 * What Playwright's `_electron.launch` takes: { executablePath, args, env, cwd }, and the data folder, which is new
 * unless `data` names one. `virtual`: the window is on Xvfb. `args` go to the program, `env` is added to its environment.
 */
export function launch({ data = freshDataFolder(), args = [], env = {}, virtual = true } = {}) {
  return {
    executablePath: electronBinary(),
    args: [...switches({ virtual }), root, ...args],
    env: windowEnvironment({ CONCORD_DATA: data, ...env }),
    cwd: root,
    data,
  }
}
