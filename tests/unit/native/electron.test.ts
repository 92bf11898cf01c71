import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { display } from '../../../scripts/lib/display.mjs'
import { switches, windowEnvironment } from '../../../scripts/lib/launch.mjs'
import type { AllocatorStatistics } from '../../../src/main/learning/tensorflow.ts'

const main = fileURLToPath(new URL('electron-main.mjs', import.meta.url))
/** The last line that electron-main.mjs prints. */
interface Seen {
  asNode: string | null
  title: string
  /** Means of the tensors of 1 and 2 GiB, all of whose elements are 2. */
  large: number[]
  refusal: string
  losses: number[]
  lossesOfSecond: number[]
  /** As the second thread finds it. */
  statistics: AllocatorStatistics
  residentBefore: number
  residentTraining: number
  residentAfter: number
  written: number
  stored: number
}

const builtHere = process.platform === 'linux' && process.arch === 'x64'

/** Runs the main process to its end: exit code, or the signal that killed it, and both outputs. */
async function runElectron(): Promise<{ ended: number | string | null; stdout: string; stderr: string }> {
  const screen = await display({ always: true })
  try {
    const args = [...switches({ virtual: screen.virtual }), main]
    // The tests run on the Electron binary as plain Node; the same binary without that variable is Electron.
    const child = spawn(process.execPath, args, {
      env: windowEnvironment(screen.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = await new Promise<number | string | null>((done, fail) => {
      child.on('error', fail)
      child.on('close', (code, signal) => done(code ?? signal))
    })
    return { ended, stdout, stderr }
  } finally {
    screen.stop()
  }
}

describe.skipIf(!builtHere)('TensorFlow in the main process of Electron (Linux x64: the addon built here)', () => {
  it('survives blocks of gigabytes, refusals, training at batch 16 and the end of a thread in mid-step', async () => {
    const { ended, stdout, stderr } = await runElectron()
    expect(ended, stderr).toBe(0)
    const seen = JSON.parse(stdout.trim().split('\n').at(-1)!) as Seen
    expect(seen).toMatchObject({ asNode: null, large: [2, 2], title: 'trial' })
    expect(seen.refusal).toContain('OOM when allocating tensor')
    for (const loss of [...seen.losses, ...seen.lossesOfSecond]) expect(Number.isFinite(loss)).toBe(true)
    expect(seen.losses.at(-1)!).toBeLessThan(seen.losses[0]!)
    expect(seen.statistics).toMatchObject({ inUse: 0, pooled: 0 })
    // Training at batch 16 holds 3.6 GB; after the thread's end the process is back near where it began.
    expect(seen.residentTraining - seen.residentBefore).toBeGreaterThan(3e9)
    expect(seen.residentAfter - seen.residentBefore).toBeLessThan(0.7e9)
    expect(seen.stored).toBe(seen.written)
    expect(seen.written).toBeGreaterThan(10)
  })
})
