import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import type { Computation, Computations } from './computations.ts'
import type { Answer, Question } from './question.ts'

export type StatisticsRequest = {
  [C in Computation]: { id: number; kind: C; question: Computations[C]['question'] }
}[Computation]
export type StatisticsReply = { id: number; answer: unknown } | { id: number; error: string }

export interface Statistics {
  /** Agreement of readers. */
  ask(question: Question): Promise<Answer>
  /** Anything else that takes a while. */
  compute<C extends Computation>(kind: C, question: Computations[C]['question']): Promise<Computations[C]['answer']>
  close(): Promise<void>
}

/** Computes in a worker thread, started at the first question and kept. */
export function createStatistics(): Statistics {
  let worker: Worker | null = null
  let next = 1
  const waiting = new Map<number, { done(answer: unknown): void; fail(error: Error): void }>()

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

  function compute<C extends Computation>(kind: C, question: Computations[C]['question']) {
    worker ??= start()
    const id = next++
    const thread = worker
    return new Promise<Computations[C]['answer']>((done, fail) => {
      waiting.set(id, { done: done as (answer: unknown) => void, fail })
      thread.postMessage({ id, kind, question } as StatisticsRequest)
    })
  }

  return {
    ask: (question) => compute('agreement', question),
    compute,
    async close() {
      await worker?.terminate()
      worker = null
    },
  }
}
