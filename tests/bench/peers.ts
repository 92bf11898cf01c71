import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

/** Steps of a network that one of those compared is to take. */
export interface Job {
  net: 'walle2023' | 'bn'
  size: number
  batch: number
  what: 'train' | 'grade'
  steps: number
}

/** One of those compared, in a process of its own. */
export interface Peer {
  /** Library and version. */
  name: string
  /** Seconds that the steps took. */
  run(job: Job): Promise<number>
  end(): void
}

/** Python's library, where it is there (CONCORD_PYTHON or python3); null otherwise. */
export const pythonPeer = (kind: 'keras' | 'torch', device: 'cpu' | 'gpu' = 'cpu'): Promise<Peer | null> =>
  start(process.env.CONCORD_PYTHON ?? 'python3', [join(import.meta.dirname, 'peers.py'), kind, device])

/** Concord itself in a process of its own; without a card where `env` hides it. */
export const ownPeer = (env: NodeJS.ProcessEnv = {}): Promise<Peer | null> =>
  start(process.execPath, [join(import.meta.dirname, 'own-peer.ts')], env)

async function start(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Peer | null> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const gone = new Promise<null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', () => resolve(null))
  })
  const next = async (): Promise<unknown> => {
    const line = await Promise.race([lines.next(), gone])
    return line === null || line.done ? null : (JSON.parse(line.value) as unknown)
  }
  const name = await next()
  if (typeof name !== 'string') return null
  return {
    name,
    async run(job) {
      child.stdin.write(`${JSON.stringify(job)}\n`)
      const seconds = await next()
      if (typeof seconds !== 'number') throw new Error(`${name} ended in the middle of the bench.`)
      return seconds
    },
    end: () => void child.kill(),
  }
}

/** Images a second of each, taking turns so that what else the machine does falls on all; medians of the rounds. */
export async function rates(peers: readonly Peer[], job: Job, rounds: number): Promise<number[]> {
  const all = peers.map((): number[] => [])
  // Twice without counting: plans, pools and the optimiser's slots are made.
  for (const peer of peers) await peer.run({ ...job, steps: 2 })
  for (let round = 0; round < rounds; round++)
    for (const [index, peer] of peers.entries()) all[index]!.push((job.steps * job.batch) / (await peer.run(job)))
  return all.map((own) => own.toSorted((a, b) => a - b)[own.length >> 1]!)
}
