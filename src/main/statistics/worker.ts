import { parentPort } from 'node:worker_threads'
import { agreementReport, rescanOfGroup } from '../domain/agreement/report.ts'
import { ratingsOf } from '../domain/agreement/ratings.ts'
import type { StatisticsReply, StatisticsRequest } from './host.ts'
import { messageOf } from '../domain/error.ts'

// A thread of its own, so that a bootstrap never holds the thread that answers votes.
parentPort?.on('message', ({ id, votes, categories, options }: StatisticsRequest) => {
  try {
    const groups = [...new Set(votes.map((vote) => vote.group))].map((group) => {
      const own = votes.filter((vote) => vote.group === group)
      return { group, rescan: rescanOfGroup(ratingsOf(own, categories), options) }
    })
    reply({ id, answer: { report: agreementReport(ratingsOf(votes, categories), options), groups } })
  } catch (error) {
    reply({ id, error: messageOf(error) })
  }
})

const reply = (message: StatisticsReply): void => parentPort?.postMessage(message)
