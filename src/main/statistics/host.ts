import { Worker } from 'node:worker_threads'
import { entry } from '../app/entries.ts'
import type { AgreementReport, RescanFigure } from '../domain/agreement/report.ts'
import type { RatedVote } from '../domain/agreement/ratings.ts'

export interface AgreementOptions {
  rescanFrom: number | null
  /** Resamples for bootstrap intervals; 0 leaves them null. */
  bootstrap: number
  seed: number
}
/** A vote, and the group (a site) whose re-scan disagreement is wanted by itself. */
export type GroupedVote = RatedVote & { group: string }
export interface AgreementAnswer {
  report: AgreementReport
  /** Groups in the order of their first vote. */
  groups: { group: string; rescan: RescanFigure }[]
}
export interface StatisticsRequest {
  id: number
  votes: GroupedVote[]
  categories: number[]
  options: AgreementOptions
}
export type StatisticsReply = { id: number; answer: AgreementAnswer } | { id: number; error: string }

export interface Statistics {
  agreement(votes: GroupedVote[], categories: number[], options: AgreementOptions): Promise<AgreementAnswer>
  close(): Promise<void>
}

/** Computes agreement in a worker thread, started at the first question and kept. */
export function createStatistics(): Statistics {
  let worker: Worker | null = null
  let next = 1
  const waiting = new Map<number, { done(answer: AgreementAnswer): void; fail(error: Error): void }>()

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
    agreement(votes, categories, options) {
      worker ??= start()
      const id = next++
      const thread = worker
      return new Promise((done, fail) => {
        waiting.set(id, { done, fail })
        thread.postMessage({ id, votes, categories, options } satisfies StatisticsRequest)
      })
    },
    async close() {
      await worker?.terminate()
      worker = null
    },
  }
}
