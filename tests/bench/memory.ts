import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { LearnerHost } from '../../src/main/learning/host.ts'
import { memoryNeed } from '../../src/main/learning/memory.ts'
import { saveModel } from '../../src/main/learning/model-file.ts'
import { encodeArrays } from '../../src/main/learning/safetensors.ts'
import { loadTensorflow } from '../../src/main/learning/tensorflow.ts'
import { smallRequest } from '../unit/learning/scans.ts'
import { contender } from './contender.ts'
import type { Line } from './line.ts'

const steps = 2000
const megabytes = (bytes: number): number => bytes / 1e6

/**
 * Memory over 2,000 steps and after the run, the estimate beside what was taken, and the main thread's event loop while the learner's
 * thread trains and while it stores a large model.
 */
export async function bench(line: Line): Promise<void> {
  await mainThread(line)
  await storing(line)
  const { tf, allocator } = loadTensorflow()
  if (!allocator) return line('memory of training', 0, '', 'not measured: the addon has no allocator of its own', null)
  const job = { net: 'bn', size: 128, batch: 8 } as const
  const request = { ...{ network: 'cbam-elu-no-attention', classes: [1, 2, 3, 4, 5] }, imageSize: 128, batch: 8 }
  const { needed } = memoryNeed(tf, request, allocator.statistics())
  const before = process.memoryUsage().rss
  const run = contender(tf, job)
  const taken: number[] = []
  for (let step = 1; step <= steps; step++) {
    run.train()
    if (step === 100 || step === steps) taken.push(process.memoryUsage().rss)
  }
  const [early, late] = taken as [number, number]
  line(`BN net 128 x 128, memory at step ${steps}`, megabytes(late), 'MB', 'at step 100', late / early)
  const { peak } = allocator.statistics()
  line('tensors and scratch at most', megabytes(peak), 'MB', 'estimate before the start', peak / needed)
  run.dispose()
  allocator.trim()
  const after = process.memoryUsage().rss
  line(
    'given back when the run ended',
    megabytes(late - after),
    'MB',
    'what the run took',
    (late - after) / (late - before),
  )
}

/** The delay of this thread's event loop while another trains, beside when nothing does. */
async function mainThread(line: Line): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const learner = new LearnerHost()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const p99 = (): number => delay.percentile(99) / 1e6
  try {
    const request = await smallRequest(folder, { imageSize: 256, epochs: 1000 })
    await learner.device()
    delay.enable()
    await setTimeout(3000)
    const idle = p99()
    const abort = new AbortController()
    const training = learner.train(request, { signal: abort.signal }).catch(() => undefined)
    await setTimeout(2000)
    delay.reset()
    await setTimeout(10_000)
    line('main thread while another trains, event loop p99', p99(), 'ms', 'idle', p99() / idle)
    line('main thread while another trains, longest stall', delay.max / 1e6, 'ms', '', null)
    abort.abort()
    await training
  } finally {
    delay.disable()
    await learner.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As many weights as ResNet50 has. */
const weights = 25_600_000

/** The longest stall of this thread while a large model is stored by the learner's thread, beside storing it here. */
async function storing(line: Line): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const learner = new LearnerHost()
  try {
    const weightsPath = join(folder, 'weights.safetensors')
    const data = new Float32Array(weights).map((_, at) => Math.sin(at))
    writeFileSync(weightsPath, encodeArrays(new Map([['logits/kernel', { shape: [weights], data }]])))
    const preprocessing = { slices: 8, gaussian: 0.8, scaling: 'min-max', imageSize: 224 } as const
    const model = { network: 'resnet50', classes: [1, 2, 3, 4, 5], preprocessing, weightsPath }
    await learner.device()
    const stalls: { thread: number[]; here: number[]; p99: number[] } = { thread: [], here: [], p99: [] }
    const stalled = async (root: string, store: (root: string) => unknown): Promise<[longest: number, p99: number]> => {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      // The first tick only starts the clock.
      await setTimeout(50)
      await store(root)
      await setTimeout(50)
      delay.disable()
      rmSync(root, { recursive: true, force: true })
      return [delay.max / 1e6, delay.percentile(99) / 1e6]
    }
    for (let round = 0; round < 5; round++) {
      const root = join(folder, `models-${round}`)
      const [longest, p99] = await stalled(root, (to) => learner.saveModel(to, { ...model, card: {} }))
      stalls.thread.push(longest)
      stalls.p99.push(p99)
      stalls.here.push((await stalled(root, (to) => saveModel(to, { ...model, card: {} })))[0])
    }
    const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
    const [thread, here] = [middle(stalls.thread), middle(stalls.here)]
    line('main thread while a model of 102 MB is stored, event loop p99', middle(stalls.p99), 'ms', '', null)
    line('… longest stall', thread, 'ms', 'were it stored on that thread', thread / here)
  } finally {
    await learner.end()
    rmSync(folder, { recursive: true, force: true })
  }
}
