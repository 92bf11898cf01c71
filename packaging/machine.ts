import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { mkdtemp, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '../scripts/lib/command.mjs'
import { cacheRoot } from '../scripts/lib/runtime.mjs'

/** A system that the package is tried on: this one, or a Debian of its own in a folder. */
export interface Machine {
  /** Its root folder, as seen from here. */
  root: string
  /** The command line, from here, of a program there. */
  line(file: string, args: string[]): [string, ...string[]]
  install(file: string): Promise<void>
  /** Takes the package away, first as one removes it, then with all that belongs to it. */
  remove(): Promise<void>
  /** Gives up what was made for the trial. */
  end(): void
}

/** Runs to its end; throws with what it said where that is not a good one. */
export async function must(line: [string, ...string[]], env?: NodeJS.ProcessEnv): Promise<string> {
  const [file, ...args] = line
  const { code, output } = await command(file, args, env ? { env } : {})
  if (code !== 0)
    throw new Error(`${line.filter((one) => !one.includes('\n')).join(' ')} ended with ${code}:\n${output}`)
  return output
}

/** This system, with what is installed on it. */
export const thisSystem = (): Machine => ({
  root: '/',
  line: (file, args) => [file, ...args],
  async install(file) {
    await must(['dpkg', '-i', file])
  },
  async remove() {
    await must(['dpkg', '--remove', 'concord'])
    await must(['dpkg', '--purge', 'concord'])
  },
  end: () => undefined,
})

/** Each program there has a view of the disks of its own: nothing is left mounted when it ends, however it ends. */
const inside = `
mount -t proc proc "$0/proc"
mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm"
mount --bind "$1" "$0/var/cache/apt/archives"
root=$0
shift
exec /usr/sbin/chroot "$root" "$@"`

/**
 * A bare Debian 12 in a folder (debootstrap, its smallest variant), to which the package brings its dependencies itself, and nothing
 * that it only recommends. A virtual display of this system serves its windows. Both the bare system and what was fetched are kept in
 * the cache. Needs root, debootstrap and the way to Debian's archive.
 */
export async function bareDebian(): Promise<Machine> {
  const [base, archives] = [join(cacheRoot, 'debian-12'), join(cacheRoot, 'debian-12-archives')]
  mkdirSync(join(archives, 'partial'), { recursive: true })
  if (!existsSync(base)) {
    const made = await mkdtemp(`${base}.`)
    await must(['debootstrap', '--variant=minbase', 'bookworm', made, 'http://deb.debian.org/debian'])
    await rename(made, base)
  }
  const root = await mkdtemp(join(tmpdir(), 'concord-debian-'))
  const line: Machine['line'] = (file, args) => [
    ...(['/usr/bin/unshare', '--mount', '--propagation', 'private'] as const),
    ...['/bin/sh', '-e', '-c', inside, root, archives, file, ...args],
  ]
  const admin = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  const apt = (...args: string[]): Promise<string> => must(line('apt-get', ['-y', ...args]), admin)
  await must(['cp', '-a', `${base}/.`, root])
  await must(['chmod', '755', root])
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true })
  return {
    root,
    line,
    async install(file) {
      cpSync(file, join(root, 'root/concord.deb'))
      await apt('update')
      await apt('install', '--no-install-recommends', '/root/concord.deb')
    },
    async remove() {
      await apt('remove', 'concord')
      // Nothing is left to purge, and apt does not know the name any more; dpkg does not mind.
      await must(line('dpkg', ['--purge', 'concord']), admin)
    },
    end: () => rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  }
}
