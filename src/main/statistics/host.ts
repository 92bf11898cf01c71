import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import type { Answer, Question } from './question.ts'

export interface StatisticsRequest {
  id: number
  question: Question
}
export type StatisticsReply = { id: number; answer: Answer } | { id: number; error: string }

export interface Statistics {
  ask(question: Question): Promise<Answer>
  close(): Promise<void>
}

/** Computes agreement in a worker thread, started at the first question and kept. */
export function createStatistics(): Statistics {
  let worker: Worker | null = null
  let next = 1
  const waiting = new Map<number, { done(answer: Answer): void; fail(error: Error): void }>()

  function start(): Worker {
    const started = new Worker(entry('statistics'))
    started.on('message', (reply: StatisticsReply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('answer' in reply) asked?.done(reply.answer)
      else asked?.fail(new Error(reply.error))
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
    ask(question) {
      worker ??= start()
      const id = next++
      const thread = worker
      return new Promise((done, fail) => {
        waiting.set(id, { done, fail })
        thread.postMessage({ id, question } satisfies StatisticsRequest)
      })
    },
    async close() {
      await worker?.terminate()
      worker = null
    },
  }
}
