import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import type { Place } from '../store/place.ts'
import type { Answer, Question } from './question.ts'
import { endThread, errorFrom } from './threads.ts'

export interface StatisticsRequest {
  id: number
  question: Question
}
export type StatisticsReply = { id: number; answer: unknown } | { id: number; error: string; code: string | null }

export interface Statistics {
  ask<Q extends Question>(question: Q): Promise<Answer<Q>>
  /** Forgets what was read of votes that are sealed in the database. */
  forget(): void
  close(): Promise<void>
}

/** Computes agreement in a worker thread, started at the first question and kept; it reads the database by itself. */
export function createStatistics(place: Place): Statistics {
  let worker: Worker | null = null
  let next = 1
  const waiting = new Map<number, { done(answer: unknown): void; fail(error: Error): void }>()

  function start(): Worker {
    const started = new Worker(entry('statistics'), { workerData: { place } })
    started.on('message', (reply: StatisticsReply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (waiting.size === 0) started.unref()
      if ('answer' in reply) asked?.done(reply.answer)
      else asked?.fail(errorFrom(reply))
    })
    const failAll = (error: Error): void => {
      worker = null
      for (const asked of waiting.values()) asked.fail(error)
      waiting.clear()
    }
    started.on('error', failAll)
    started.on('exit', () => failAll(new Error('the statistics thread ended')))
    started.unref()
    return started
  }

  return {
    ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
      worker ??= start()
      const id = next++
      const thread = worker
      return new Promise((done, fail) => {
        // While somebody waits the thread keeps the program running, and no longer.
        thread.ref()
        waiting.set(id, { done, fail })
        thread.postMessage({ id, question } satisfies StatisticsRequest)
      })
    },
    forget: () => worker?.postMessage('forget'),
    async close() {
      if (worker) await endThread(worker, 'close')
      worker = null
    },
  }
}
