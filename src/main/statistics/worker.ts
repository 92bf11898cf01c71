import { parentPort } from 'node:worker_threads'
import { messageOf } from '../domain/error.ts'
import { answer } from './answer.ts'
import type { StatisticsReply, StatisticsRequest } from './host.ts'

// A thread of its own, so that a bootstrap never holds the thread that answers votes.
parentPort?.on('message', ({ id, question }: StatisticsRequest) => {
  try {
    reply({ id, answer: answer(question) })
  } catch (error) {
    reply({ id, error: messageOf(error) })
  }
})

const reply = (message: StatisticsReply): void => parentPort?.postMessage(message)
