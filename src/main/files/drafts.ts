import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * A name beside a path for what is being written there: hidden, of this attempt alone, since another program may be writing the same,
 * and telling which program of which computer it belongs to.
 */
export function draftOf(path: string): string {
  // Forty characters of four bytes each, and the rest, are a name that every file system takes.
  const name = basename(path).slice(0, 40)
  return join(dirname(path), `.${name}.${computer()}-${process.pid}-${randomUUID().slice(0, 8)}.part`)
}

/**
 * This computer since it was started, without its name: where the number of a program means something. Two that write to one share
 * may have the same name, and the same identity where they were set up from one image.
 */
export const computer = (): string =>
  createHash('sha256')
    .update([hostname(), ...since()].join())
    .digest('hex')
    .slice(0, 6)

function since(): string[] {
  try {
    // Linux, proc(5) and pid_namespaces(7): drawn at each start, and the container that the number was given in.
    return [readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'), readlinkSync('/proc/self/ns/pid')]
  } catch {
    return Object.values(networkInterfaces()).flatMap((own) => (own ?? []).map(({ mac }) => mac))
  }
}
const ours = /^\..*\.([0-9a-f]{6})-(\d+)-[0-9a-f]{8}\.part$/
/** As programs named theirs before drafts told whose they are. */
const earlier = /^\.(.*\.)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/
const day = 24 * 60 * 60 * 1000

/**
 * Removes what was being written into a folder by programs that were killed: drafts of this computer since its start whose program does
 * not run any more, and all others, which somebody may be writing into a shared folder now, where nobody touched them for a day.
 */
export async function clearDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const [, of, pid] = ours.exec(name) ?? []
    if (of === undefined && !earlier.test(name)) continue
    const path = join(folder, name)
    const touched = await stat(path).catch(() => null)
    // What cannot be removed is left for the next time.
    if (touched && touched.mtimeMs < abandonedBefore(of, Number(pid)))
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** A draft that was last touched before then is nobody's. */
function abandonedBefore(of: string | undefined, pid: number): number {
  if (of === computer() && !isRunning(pid)) return Infinity
  // In a container each program may have the same number.
  return of === computer() && pid === process.pid ? performance.timeOrigin : Date.now() - day
}

/** Whether a program of this number runs on this computer. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's program may be asked nothing, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
