import fs from 'node:fs'
import promises from 'node:fs/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'

/**
 * Counts what a program does to its disk and its database, and kills it with SIGKILL at the step it was told. So kills spread
 * evenly over all that an act does, however fast the machine, and meet what takes no time, as between two renames. A file that is
 * written or copied is a step more: killed there, it is half there. Loaded before the program, in its process and its threads.
 */
const key = 'steps of the torture'
const found = threads.getEnvironmentData(key) as unknown as SharedArrayBuffer | undefined
const shared = new Int32Array(found ?? new SharedArrayBuffer(12))
const [armed, counted, last] = [0, 1, 2]

/** From now on steps count. @param at the one to be killed at; 0: none; -1: none, and each is told */
export function arm(at: number): void {
  if (Atomics.load(shared, armed) === 1) return
  Atomics.store(shared, last, at)
  Atomics.store(shared, armed, 1)
}
export const stepsCounted = (): number => Atomics.load(shared, counted)

const writeNow = fs.writeSync
function isLast(what: string): boolean {
  const value = Atomics.add(shared, counted, 1) + 1
  const at = Atomics.load(shared, last)
  if (at === -1) writeNow(1, `${JSON.stringify({ kind: 'step', what, value })}\n`)
  return value === at
}
function end(what: string): never {
  writeNow(1, `${JSON.stringify({ kind: 'killed', what, value: stepsCounted() })}\n`)
  process.kill(process.pid, 'SIGKILL')
  // In a thread: until the signal is there.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

type Anything = (...args: unknown[]) => unknown
type Say = (args: unknown[]) => string | null
/**
 * @param say what is done, in words; null: nothing is changed by it, and it is no step
 * @param half does half of the act, for the step in which it is killed
 */
function watch(of: object, name: string, say: Say, half?: Anything, after = false): void {
  const place = of as Record<string, Anything>
  const act = place[name]!
  place[name] = function (this: unknown, ...args: unknown[]) {
    const what = Atomics.load(shared, armed) === 1 ? say(args) : null
    if (what === null) return act.apply(this, args)
    if (isLast(what)) end(what)
    if (half && isLast(`${what}, half`)) {
      half(...args)
      end(`${what}, half`)
    }
    const result = act.apply(this, args)
    if (after && isLast(`${what}, sent`)) end(`${what}, sent`)
    return result
  }
}

/** The last part of a path without what differs from run to run. */
const named = (path: unknown): string =>
  (typeof path === 'string' ? path : 'a draft')
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[0-9a-f]{6}-\d+-[0-9a-f]{8}(?=\.part$)/, '…')
    .replaceAll(/\d{6,}T?\d*Z?|[0-9a-f]{8,}(-[0-9a-f]+)*/g, '…')
const writeFile = fs.writeFileSync
const halfOf = (content: unknown): string | Uint8Array =>
  typeof content === 'string' || content instanceof Uint8Array ? content.slice(0, content.length >> 1) : ''
const halfWritten: Anything = (to, content, options) =>
  typeof to === 'object'
    ? writeNow((to as { fd: number }).fd, Buffer.from(halfOf(content)))
    : writeFile(to as string, halfOf(content), options as { mode: number })
const halfCopied: Anything = (from, to) => writeFile(to as string, halfOf(fs.readFileSync(from as string)))

const acts: [name: string, half?: Anything][] = [
  ...['rename', 'rm', 'unlink', 'mkdir', 'open', 'fsync'].map((name): [string] => [name]),
  ...([['copyFile', halfCopied], ['writeFile', halfWritten], ['appendFile']] as [string, Anything?][]),
]
for (const [name, half] of acts) {
  const say: Say = (args) =>
    name === 'open' && (args[1] === undefined || args[1] === 'r' || args[1] === 0)
      ? null
      : `${name} ${args
          .slice(0, name === 'rename' ? 2 : 1)
          .map(named)
          .join(' ')}`
  if (name !== 'fsync') watch(promises, name, say, half)
  watch(fs, `${name}Sync`, name === 'fsync' ? () => name : say, half)
}
watch(fs, 'createWriteStream', ([path]) => `stream ${named(path)}`)
// Threads of the program count on.
if (!found) {
  threads.setEnvironmentData(key, shared.buffer)
  const { Worker } = threads
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      super(file, { ...options, execArgv: ['--import', import.meta.filename] })
    }
  }
}
syncBuiltinESMExports()

const require = createRequire(import.meta.url)
/** The first words of a statement that writes. */
function brief(text: unknown): string | null {
  const words = String(text)
    .trim()
    .replaceAll(/[\s"]+/g, ' ')
    .split(' ')
    .slice(0, 3)
  return /^(select|with|explain|show|listen|pragma|declare|fetch|close)$/i.test(words[0]!) ? null : words.join(' ')
}
const { prototype: file } = require('better-sqlite3') as { prototype: object }
watch(file, 'prepare', ([text]) => brief(text))
watch(file, 'pragma', ([text]) => (/=/.test(String(text)) ? `pragma ${String(text)}` : null))
watch(file, 'backup', () => 'backup')
watch(file, 'close', () => 'close')
const server = require('pg') as { Client: { prototype: object } }
const sent: Say = ([query]) => {
  const words = brief((query as { text?: string }).text ?? query)
  return words === null ? null : `server: ${words}`
}
watch(server.Client.prototype, 'query', sent, undefined, true)
