import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../domain/error.ts'
import { openReader } from '../store/reader.ts'
import { current } from './catch-up.ts'
import { emptyCopy, type Copy } from './copy.ts'
import { disputed } from './disputed.ts'
import type { StatisticsReply, StatisticsRequest } from './host.ts'
import { overview } from './overview.ts'
import type { Question } from './question.ts'

// A thread of its own with a connection of its own, so that neither 300,000 votes nor a bootstrap hold the thread that
// answers votes.

/** Milliseconds of work before new questions are looked at. */
const SLICE = 8

const reader = openReader((workerData as { database: string }).database)
const copies = new Map<string, Copy>()
/** The newest question stands last and is answered first: the page asks anew when its filter changes. */
const jobs: { id: number; steps: Generator<void, unknown> }[] = []

parentPort?.on('message', (request: StatisticsRequest | 'close') => {
  if (request === 'close') {
    reader.close()
    parentPort?.close()
    jobs.length = 0
    return
  }
  jobs.push({ id: request.id, steps: answer(request.question) })
  if (jobs.length === 1) setImmediate(work)
})

function work(): void {
  const job = jobs.at(-1)
  if (!job) return
  const until = performance.now() + SLICE
  try {
    let step = job.steps.next()
    while (!step.done && performance.now() < until) step = job.steps.next()
    if (step.done) end(job, { id: job.id, answer: step.value })
  } catch (error) {
    end(job, { id: job.id, error: messageOf(error) })
  }
  if (jobs.length > 0) setImmediate(work)
}

function end(job: (typeof jobs)[number], reply: StatisticsReply): void {
  jobs.splice(jobs.indexOf(job), 1)
  parentPort?.postMessage(reply)
}

function* answer(question: Question): Generator<void, unknown> {
  const { id, categories } = question.study
  const copy = copies.get(id) ?? emptyCopy()
  copies.set(id, copy)
  try {
    yield* current(reader, id, categories, copy)
  } catch (error) {
    copies.delete(id)
    throw error
  }
  if (question.kind === 'overview') return yield* overview(copy, question)
  return question.kind === 'disputed' ? disputed(reader, copy, question) : null
}
