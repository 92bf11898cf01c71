import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { entry } from '../../app/entries.ts'
import { ConcordError } from '../../domain/error.ts'
import { cancelled } from '../pool.ts'
import type { HeelPatient } from './patients.ts'
import type { HeelRadiograph } from './radiograph.ts'
import type { HeelResult } from './worker.ts'

export interface HeelControl {
  onProgress?(progress: { done: number; total: number }): void
  signal?: AbortSignal
  /** Threads; by default one a core, two at most: the program has other work. */
  workers?: number
}

/**
 * Makes the patients' radiographs on worker threads and hands over each as it is ready, in any order.
 * @throws ConcordError `cancelled`, `simulation-failed`, and what `onRadiograph` throws.
 */
export async function makeRadiographs(
  patients: readonly HeelPatient[],
  onRadiograph: (patient: HeelPatient, radiograph: HeelRadiograph) => Promise<void>,
  { signal, workers = Math.min(2, availableParallelism()) }: Pick<HeelControl, 'signal' | 'workers'>,
): Promise<void> {
  const waiting = [...patients]
  const threads = Array.from({ length: Math.min(workers, waiting.length) }, () => new Worker(entry('heel')))
  let failed = false
  const work = async (thread: Worker): Promise<void> => {
    for (let patient = waiting.shift(); patient && !failed; patient = waiting.shift()) {
      if (signal?.aborted) throw cancelled()
      thread.postMessage(patient)
      const [result] = (await once(thread, 'message')) as [HeelResult]
      if ('error' in result)
        throw new ConcordError('simulation-failed', `A radiograph could not be made: ${result.error}`)
      await onRadiograph(patient, result.radiograph)
    }
  }
  const stop = (error: unknown): never => {
    failed = true
    throw error
  }
  try {
    // Every thread comes to its end before the folder is anybody else's.
    const ends = await Promise.allSettled(threads.map((thread) => work(thread).catch(stop)))
    const failure = ends.find((end) => end.status === 'rejected')
    if (failure) throw failure.reason
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}
