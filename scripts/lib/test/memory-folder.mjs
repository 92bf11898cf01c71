// Where tests write: a folder in memory where there is room. Each commit of a database waits for the disk, and a test makes
// thousands of them; tests end the program in all kinds of ways, but none takes the power from the machine.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const shared = '/dev/shm'
const prefix = 'concord-tests-'
/** Bytes that must be free: tests keep well below 2 GiB, and programs need the rest of the memory. */
const needed = 6 * 1024 ** 3

/** Tests put programs of their own into such a folder and run them. */
const runsPrograms = () =>
  readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .some(([, place, , options]) => place === shared && !options.split(',').includes('noexec'))

function hasRoom() {
  if (process.platform !== 'linux' || !existsSync(shared) || !runsPrograms()) return false
  const { bavail, bsize } = statfsSync(shared)
  return Math.min(bavail * bsize, process.availableMemory?.() ?? 0) >= needed
}

const isRunning = (pid) => existsSync(`/proc/${pid}`)

/** { path, remove() }, or null where the disk has to serve. What a killed run left is taken away first. */
export function memoryFolder() {
  if (!hasRoom()) return null
  for (const name of readdirSync(shared)) {
    const [, pid] = /^concord-tests-(\d+)-/.exec(name) ?? []
    if (pid && !isRunning(pid)) rmSync(join(shared, name), { recursive: true, force: true })
  }
  const path = mkdtempSync(join(shared, `${prefix}${process.pid}-`))
  // PostgreSQL, which does not run as root, has its own folder below.
  chmodSync(path, 0o711)
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  process.on('exit', remove)
  return {
    path,
    remove() {
      process.off('exit', remove)
      remove()
    },
  }
}
