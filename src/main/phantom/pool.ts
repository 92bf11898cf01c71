import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { ScanSpec } from './types.ts'
import type { SliceResult, SliceTask } from './worker.ts'

type Slices = { voxels: Int16Array<ArrayBuffer>; motionViews: Float32Array<ArrayBuffer> }
type Waiting = { message: SliceTask; resolve(slices: Slices): void; reject(error: unknown): void }

/** Worker threads that make slices, first asked first served. */
export type Pool = {
  workers: number
  slices(spec: ScanSpec, from: number, to: number): Promise<Slices>
  /** Stops the threads at once; what is under way or waiting is rejected with `cancelled`. */
  close(): Promise<void>
}

export function openPool(workers: number): Pool {
  const waiting: Waiting[] = []
  let next = 0
  let closed = false
  const threads = Array.from({ length: workers }, () => startThread())

  function startThread() {
    const worker = new Worker(entry('phantom'))
    const thread = { worker, busy: undefined as Waiting | undefined }
    worker.on('message', (result: SliceResult) => {
      const job = thread.busy
      thread.busy = undefined
      if ('error' in result)
        job?.reject(new ConcordError('simulation-failed', `A scan could not be made: ${result.error}`))
      else job?.resolve(result)
      feed()
    })
    const failed = (error: unknown): void => {
      closed = true
      const reason = new ConcordError('simulation-failed', `A simulation thread stopped: ${messageOf(error)}`)
      for (const job of [...threads.map((other) => other.busy), ...waiting.splice(0)]) job?.reject(reason)
    }
    worker.on('error', failed)
    worker.on('exit', (code) => {
      if (!closed) failed(new Error(`exit code ${code}`))
    })
    return thread
  }

  function feed(): void {
    for (const thread of threads) {
      if (thread.busy || waiting.length === 0) continue
      thread.busy = waiting.shift()
      thread.worker.postMessage(thread.busy!.message)
    }
  }

  return {
    workers,
    slices(spec, from, to) {
      if (closed) return Promise.reject(cancelled())
      return new Promise((resolve, reject) => {
        waiting.push({ message: { task: next++, spec, from, to }, resolve, reject })
        feed()
      })
    },
    async close() {
      closed = true
      for (const job of [...threads.map((thread) => thread.busy), ...waiting.splice(0)]) job?.reject(cancelled())
      await Promise.all(threads.map((thread) => thread.worker.terminate()))
    },
  }
}

export function cancelled(): ConcordError {
  return new ConcordError('cancelled', 'The simulation was cancelled.')
}
