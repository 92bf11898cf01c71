// The Debian packages Electron, its virtual display and the build of the TensorFlow addon need.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { cacheRoot } from '../runtime.mjs'
import { command } from '../command.mjs'
import { SetupError, networkReason } from './error.mjs'

const needed = [
  ...[
    'xvfb',
    'xauth',
    'libnss3',
    'libatk1.0-0',
    'libatk-bridge2.0-0',
    'libcups2',
    'libgtk-3-0',
    'libgbm1',
    'libasound2',
  ],
  ...['libxss1', 'libxtst6', 'libdrm2', 'libxkbcommon0', 'libnotify4', 'libsecret-1-0', 'g++', 'python3-pip'],
]
/** Other people's readers, which tests compare ours with, and a keychain. Without them those tests are skipped and say so. */
const forTests = ['python3-pydicom', 'python3-numpy', 'dicom3tools', 'dcmtk', 'openssl', 'dbus', 'gnome-keyring']
/** A PACS to test against. Its package starts a service where the system runs services: there it is left to its owner. */
const pacs = existsSync('/run/systemd/system') ? [] : ['orthanc', 'orthanc-dicomweb']
const database = '/var/lib/dpkg/status'
const stamp = join(cacheRoot, 'debian-packages')
/** What apt-get says where no package can be had at all. */
const unreachable = /Could not resolve|Unable to connect|Could not connect|connection timed out/i
const mayInstall = () => process.getuid() === 0
const wanted = () => (process.argv.includes('--tests') && mayInstall() ? [...needed, ...forTests, ...pacs] : needed)

export const name = 'Debian packages'

/** Changes with every package installed or removed, so a check is one stat while nothing changes. */
function fingerprint() {
  const { size, mtimeMs } = statSync(database)
  return `${size} ${mtimeMs} ${wanted().join(' ')}`
}

/** The packages that are not installed. Newer releases name some of them …t64 (64-bit time). */
function missing(list) {
  const names = list.flatMap((one) => [one, `${one}t64`])
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], {
    encoding: 'utf8',
  })
  if (query.error) throw new SetupError('dpkg-query cannot be run; repair the Debian installation, then try again.')
  const installed = new Set(query.stdout.split('\n').flatMap((line) => /^(\S+) installed$/.exec(line)?.[1] ?? []))
  return list.filter((one) => !installed.has(one) && !installed.has(`${one}t64`))
}

function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** True where all packages are there. Other Linux systems are only asked for the programs themselves. */
export function isDone() {
  if (process.platform !== 'linux') return true
  if (!existsSync(database)) {
    const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY || onPath('Xvfb')
    return Boolean(display) && onPath('g++') && onPath('python3')
  }
  const stamps = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : []
  if (stamps.includes(fingerprint())) return true
  if (missing(wanted()).length > 0) return false
  remember()
  return true
}

/** One line for a plain command and one for the tests, so that going from one to the other asks nothing again. */
function remember() {
  const { size, mtimeMs } = statSync(database)
  const others = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : []
  const current = others.filter((line) => line.startsWith(`${size} ${mtimeMs} `) && line !== fingerprint())
  try {
    mkdirSync(cacheRoot, { recursive: true })
    writeFileSync(stamp, [...current, fingerprint()].join('\n'))
  } catch {
    // Asked again the next time.
  }
}

export async function run(say) {
  if (!existsSync(database)) {
    throw new SetupError(
      'Install a C++ compiler (g++), Python 3 with pip, and Xvfb where there is no display, then try again.',
    )
  }
  const list = missing(wanted())
  if (!mayInstall()) {
    throw new SetupError(
      `These Debian packages are needed; run this, then try again:\nsudo apt-get update && sudo apt-get ${install(list).join(' ')}`,
    )
  }
  say.line(`Debian packages: installing ${list.join(' ')}`)
  const update = await aptGet(say, ['update'])
  if (update.code !== 0) say.line('  apt-get update failed; trying with the package lists that are here')
  const { code, output } = await aptGet(say, install(list))
  if (code !== 0) await installWhatCanBe(say, list, output)
  if (missing(needed).length > 0) throw failure(output, missing(needed))
  const left = missing(wanted())
  if (left.length === 0) return
  say.line(`  ${left.join(' ')} could not be installed; the tests that need them are skipped`)
  remember()
}

const install = (list) => ['install', '-y', '--no-install-recommends', ...list]

/**
 * One package that cannot be had keeps apt-get from installing any of those it was asked for: what the program needs is asked
 * for apart, then each of the others.
 */
async function installWhatCanBe(say, list, output) {
  const must = missing(needed)
  if (must.length > 0 && must.length < list.length) await aptGet(say, install(must))
  if (missing(needed).length > 0 || unreachable.test(output)) return
  for (const one of missing(wanted())) await aptGet(say, install([one]))
}

/** apt-get with its own progress report (status descriptor) and the size of what it fetches. */
function aptGet(say, args) {
  const options = ['-q', '-o', 'APT::Status-Fd=3', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120']
  const retry = ['-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  return command('apt-get', [...options, ...retry, ...args], {
    env,
    statusFd: true,
    onLine(line, stream) {
      const [kind, , percent, ...text] = line.split(':')
      if (stream === 'status' && /^(dl|pm)status$/.test(kind))
        say.progress(`${Math.round(percent)} % ${text.join(':')}`)
      else if (/^(Need to get|After this operation)/.test(line)) say.line(`  ${line}`)
    },
  })
}

function failure(output, list) {
  const line = output.split('\n').findLast((one) => one.startsWith('E: ')) ?? 'apt-get failed'
  const network =
    networkReason(output) ?? (/Could not resolve|Unable to connect|Failed to fetch/.test(output) ? 'network' : '')
  return new SetupError(
    network
      ? `Debian's packages cannot be reached (${line}). Check the network and /etc/apt/sources.list, then try again.`
      : `apt-get could not install ${list.join(' ')} (${line}). Repair that with apt-get, then try again.`,
  )
}
