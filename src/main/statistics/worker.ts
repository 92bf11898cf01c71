import { parentPort } from 'node:worker_threads'
import { agreementReport } from '../domain/agreement/report.ts'
import { ratingsOf } from '../domain/agreement/ratings.ts'
import type { StatisticsReply, StatisticsRequest } from './host.ts'
import { messageOf } from '../domain/error.ts'

// A thread of its own, so that a bootstrap never holds the thread that answers votes.
parentPort?.on('message', ({ id, votes, categories, options }: StatisticsRequest) => {
  try {
    reply({ id, report: agreementReport(ratingsOf(votes, categories), options) })
  } catch (error) {
    reply({ id, error: messageOf(error) })
  }
})

const reply = (message: StatisticsReply): void => parentPort?.postMessage(message)
