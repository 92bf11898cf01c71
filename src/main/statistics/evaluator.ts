import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import type { Computation, Computations } from './computations.ts'

export type EvaluatorRequest = {
  [C in Computation]: { id: number; kind: C; question: Computations[C]['question'] }
}[Computation]
export type EvaluatorReply = { id: number; answer: unknown } | { id: number; error: string }

export interface Evaluator {
  compute<C extends Computation>(kind: C, question: Computations[C]['question']): Promise<Computations[C]['answer']>
  close(): Promise<void>
}

/** Evaluates and compares networks in a worker thread, started at the first question and ended when idle for a while. */
export function createEvaluator({ idleMs = 30_000 }: { idleMs?: number } = {}): Evaluator {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let next = 1
  const waiting = new Map<number, { done(answer: unknown): void; fail(error: Error): void }>()

  function start(): Worker {
    const started = new Worker(entry('evaluator'))
    started.on('message', (reply: EvaluatorReply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('answer' in reply) asked?.done(reply.answer)
      else asked?.fail(new Error(reply.error))
      if (waiting.size === 0) idle = setTimeout(() => void end(), idleMs).unref()
    })
    const failAll = (error: Error): void => {
      if (worker === started) worker = null
      for (const asked of waiting.values()) asked.fail(error)
      waiting.clear()
    }
    started.on('error', failAll)
    started.on('exit', () => worker === started && failAll(new Error('the evaluating thread ended')))
    started.unref()
    return started
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    const thread = worker
    worker = null
    await thread?.terminate()
  }

  return {
    compute<C extends Computation>(kind: C, question: Computations[C]['question']) {
      clearTimeout(idle)
      worker ??= start()
      const id = next++
      const thread = worker
      return new Promise<Computations[C]['answer']>((done, fail) => {
        waiting.set(id, { done: done, fail })
        thread.postMessage({ id, kind, question })
      })
    },
    close: end,
  }
}
