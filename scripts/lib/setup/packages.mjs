// The npm packages, exactly as package-lock.json names them. No package's install script runs here: the three native
// parts are brought by steps of their own, pinned by hash.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../runtime.mjs'
import { npm, npmFailure } from './npm.mjs'

const lockFile = join(root, 'package-lock.json')
const stamp = join(root, 'node_modules/.concord-lock-hash')
/** npm's own record of what lies in node_modules. */
const installedFile = join(root, 'node_modules/.package-lock.json')

export const name = 'npm packages'

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const hashOfLock = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex')

/** True if npm's record holds every package of the lock file (the ones for other systems aside) and no other. */
function installedAsLocked() {
  const record = read(installedFile)
  if (!record) return false
  const installed = JSON.parse(record).packages
  const { '': _project, ...locked } = JSON.parse(read(lockFile)).packages
  const same = ([path, one]) => installed[path]?.version === one.version && installed[path]?.integrity === one.integrity
  return (
    Object.entries(locked).every((entry) => (entry[1].optional && !installed[entry[0]]) || same(entry)) &&
    Object.keys(installed).every((path) => path in locked)
  )
}

/** One hash when nothing changed; else a comparison, so a person's own "npm install" is not done over. */
export function isDone() {
  const hash = hashOfLock()
  if (read(stamp) === hash) return true
  if (!installedAsLocked()) return false
  writeFileSync(stamp, hash)
  return true
}

export async function run(say) {
  const count = Object.keys(JSON.parse(read(lockFile)).packages).length - 1
  say.line(`npm packages: ${count} in the lock file, about 250 MB to fetch, 740 MB on the disk`)
  rmSync(stamp, { force: true })
  const fetched = new Set()
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--prefer-offline']
  const clock = setInterval(
    () => fetched.size > 0 && say.progress(`${fetched.size} of at most ${count} packages fetched`),
    500,
  )
  const { code, output } = await npm(args, { cwd: root, onFetch: (file) => fetched.add(file) })
  clearInterval(clock)
  if (code !== 0) throw npmFailure('npm packages', output)
  writeFileSync(stamp, hashOfLock())
}
