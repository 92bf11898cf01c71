import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import { ConcordError } from '../domain/error.ts'
import type { Place } from '../store/place.ts'
import { endThread, errorFrom } from './threads.ts'
import type { WholeAnswer, WholeProgress, WholeQuestion } from './whole-question.ts'

export type WholeRequest = { question: WholeQuestion } | 'stop' | 'end'
export type WholeReply = { progress: WholeProgress } | { answer: unknown } | { error: string; code: string | null }

export interface Whole {
  /** Error: `cancelled` where the signal asks to stop. */
  ask<Q extends WholeQuestion>(
    question: Q,
    work?: { signal?: AbortSignal; tell?: (progress: WholeProgress) => void },
  ): Promise<WholeAnswer<Q>>
  close(): Promise<void>
}

/** Milliseconds that a thread that is done waits for another question. */
const IDLE = 30_000

/** Computes what goes over all votes of a study, each question in a thread of its own. */
export function createWhole(place: Place): Whole {
  const threads = new Set<Worker>()
  let spare: { thread: Worker; timer: NodeJS.Timeout } | null = null

  function start(): Worker {
    const thread = new Worker(entry('whole'), { workerData: { place } })
    threads.add(thread)
    thread.once('exit', () => {
      threads.delete(thread)
      if (spare?.thread === thread) spare = null
    })
    return thread
  }

  function taken(): Worker {
    if (!spare) return start()
    const { thread, timer } = spare
    clearTimeout(timer)
    spare = null
    thread.ref()
    return thread
  }

  function keep(thread: Worker): void {
    if (spare) return thread.postMessage('end' satisfies WholeRequest)
    thread.unref()
    const timer = setTimeout(() => thread.postMessage('end' satisfies WholeRequest), IDLE).unref()
    spare = { thread, timer }
  }

  return {
    ask<Q extends WholeQuestion>(question: Q, { signal, tell }: Parameters<Whole['ask']>[1] = {}) {
      return new Promise<WholeAnswer<Q>>((done, fail) => {
        const stopped = new ConcordError('cancelled', 'This was stopped.')
        if (signal?.aborted) return fail(stopped)
        const thread = taken()
        const stop = (): void => {
          fail(stopped)
          thread.postMessage('stop' satisfies WholeRequest)
        }
        const onMessage = (reply: WholeReply): void => {
          if ('progress' in reply) return tell?.(reply.progress)
          if ('answer' in reply) done(reply.answer as WholeAnswer<Q>)
          else fail(errorFrom(reply))
          over()
          keep(thread)
        }
        const onError = (error: Error): void => {
          fail(error)
          over()
        }
        const onExit = (): void => onError(new Error('the thread of the whole study ended'))
        const over = (): void => {
          signal?.removeEventListener('abort', stop)
          thread.off('message', onMessage).off('error', onError).off('exit', onExit)
        }
        signal?.addEventListener('abort', stop, { once: true })
        thread.on('message', onMessage).on('error', onError).on('exit', onExit)
        thread.postMessage({ question } satisfies WholeRequest)
      })
    },
    async close() {
      clearTimeout(spare?.timer)
      spare = null
      await Promise.all([...threads].map((thread) => endThread(thread, 'end' satisfies WholeRequest)))
    },
  }
}
