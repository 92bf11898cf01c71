import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Known, Said } from './deed.ts'

/** How a program is let work and killed. */
export interface Killing {
  data: string
  name: string
  known: Known
  /** The step at which it kills itself; -1: none, and each step is told. */
  atStep?: number
  /** Milliseconds after the first act was asked for. */
  after?: number
  /** As soon as so many acts are done. */
  atDone?: number
  /** The largest file it may write, in KiB. */
  largest?: number
  onlyStart?: boolean
}
export interface Killed {
  said: Said[]
  /** The name of each step, from the first on, where they were told. */
  names: string[]
  /** Steps and milliseconds from the first act on, until it was killed or had nothing left to do. */
  steps: number
  took: number
  /** What kept it from going on, where it ended by itself. */
  failed: string | null
}

const child = join(import.meta.dirname, 'deeds-child.ts')

/** Runs a deed in a process of its own until it is killed with SIGKILL; one that has nothing left to do is killed then. */
export async function killed({ data, name, known, largest, ...when }: Killing): Promise<Killed> {
  const { atStep = 0, after = Infinity, atDone = Infinity, onlyStart = false } = when
  const args = [child, data, name, JSON.stringify(known), String(atStep), ...(onlyStart ? ['start'] : [])]
  // The limit is the process's own: everybody may lower it.
  const [file, all] =
    largest === undefined
      ? [process.execPath, args]
      : ['/bin/bash', ['-c', `ulimit -f ${largest}; exec "$0" "$@"`, process.execPath, ...args]]
  const running = spawn(file, all, { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  running.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = `${complaint}${text}`.slice(-2000)))
  let byUs = false
  const kill = (): void => {
    byUs = true
    running.kill('SIGKILL')
  }
  const gone = new Promise((resolve) => running.on('exit', resolve))
  const said: Said[] = []
  const names: string[] = []
  let [began, steps, done] = [0, 0, 0]
  for await (const line of createInterface({ input: running.stdout })) {
    if (!line.startsWith('{')) continue
    const { steps: counted = 0, ...one } = JSON.parse(line) as Said & { steps?: number }
    if (one.kind === 'step') {
      names[Number(one.value) - 1] = one.what
      continue
    }
    steps = one.kind === 'killed' ? Number(one.value) : counted
    said.push(one)
    if (one.kind === 'killed') byUs = true
    if (began === 0) {
      began = performance.now()
      if (after !== Infinity) void pause(after).then(kill)
    }
    if (one.kind === 'done') done++
    if (done >= atDone || one.kind === 'ended') kill()
  }
  const took = performance.now() - began
  await gone
  return { said, names, steps, took, failed: byUs ? null : complaint.trim() || 'it ended by itself' }
}
