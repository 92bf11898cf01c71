import { parentPort } from 'node:worker_threads'
import { messageOf } from '../domain/error.ts'
import { computations } from './computations.ts'
import type { EvaluatorReply, EvaluatorRequest } from './evaluator.ts'

// A thread of its own, so that a bootstrap never holds the thread that answers votes.
parentPort?.on('message', ({ id, kind, question }: EvaluatorRequest) => {
  try {
    reply({ id, answer: (computations[kind] as (asked: typeof question) => unknown)(question) })
  } catch (error) {
    reply({ id, error: messageOf(error) })
  }
})

const reply = (message: EvaluatorReply): void => parentPort?.postMessage(message)
