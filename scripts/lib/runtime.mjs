// Where the runtime lies and how to run something on it. Plain Node, no dependency: it runs before anything is installed.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

// The XDG Base Directory Specification: one that is empty or not absolute counts as not set.
const given = process.env.XDG_CACHE_HOME ?? ''
const systemCache = isAbsolute(given) ? given : join(homedir(), '.cache')

/** Downloads and built native parts, shared between checkouts and keyed by version and hash. Absolute. */
export const cacheRoot = resolve(process.env.CONCORD_CACHE || join(systemCache, 'concord'))

export const electronVersion = '42.0.0'
export const electronFolder = join(cacheRoot, `electron-${electronVersion}-${process.platform}-${process.arch}`)

/** Path of the Electron binary: the one set-up put into the cache, or the one the electron package installed. */
export function electronBinary() {
  const cached = join(electronFolder, 'electron')
  if (existsSync(cached)) return cached
  const dist = join(root, 'node_modules/electron/dist')
  const names = { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }
  return join(dist, names[process.platform] ?? 'electron')
}

/** Environment for plain-Node use of the Electron binary (Node 24, the very runtime that ships). */
export function nodeEnvironment(extra = {}) {
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1', ...extra }
}

/** Runs a script on Electron's own Node and resolves with its exit code. */
export function runOnElectronNode(args, { env = {}, stdio = 'inherit', cwd = root } = {}) {
  return new Promise((done, fail) => {
    // As the program itself (src/main/app/compiler.ts).
    const child = spawn(electronBinary(), ['--no-maglev', ...args], { cwd, stdio, env: nodeEnvironment(env) })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    child.on('error', fail)
    child.on('exit', (code, signal) => done(code ?? (signal ? 1 : 0)))
  })
}
