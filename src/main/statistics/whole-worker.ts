import { parentPort, workerData } from 'node:worker_threads'
import { agreementBand, percentAgreement } from '../domain/agreement/percent.ts'
import { tabulate } from '../domain/agreement/table.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { Place } from '../store/place.ts'
import { openReader } from '../store/open-reader.ts'
import type { Reader, Steps } from '../store/reader.ts'
import { readCountingVotes } from './counting-votes.ts'
import { labelsOf, ratingsFrom } from './labels.ts'
import type { WholeReply, WholeRequest } from './whole.ts'
import type { Control, ReadersAnswer, ReadersQuestion, WholeQuestion } from './whole-question.ts'

// A question about all votes of a study, with a connection of its own: it takes a minute where there are a million, and neither the
// lead's figures nor whoever votes wait for it.

const say = (reply: WholeReply): void => parentPort?.postMessage(reply)
let reader: Promise<Reader> | null = null
let stopped = false

parentPort?.on('message', (request: WholeRequest) => {
  stopped = request === 'stop' || request === 'end'
  if (request === 'end')
    void (reader ?? Promise.resolve(null))
      .then((open) => open?.close())
      .catch(() => undefined)
      .finally(() => parentPort?.close())
  else if (request !== 'stop') void answer(request.question)
})

async function answer(question: WholeQuestion): Promise<void> {
  try {
    reader ??= openReader((workerData as { place: Place }).place)
    const steps = answered(await reader, question)
    say({ answer: await done(steps) })
  } catch (error) {
    void reader?.then((open) => open.close()).catch(() => undefined)
    reader = null
    say({ error: messageOf(error), code: error instanceof ConcordError ? error.code : null })
  }
}

const answered = (open: Reader, question: WholeQuestion): Steps<unknown> =>
  question.kind === 'labels' ? labelsOf(open, question, control()) : readers(open, question)

/** Milliseconds of work before it is looked whether to stop, and between two words on how far it is. */
const SLICE = 20
const TELL = 200

function control(): Control {
  let told = -Infinity
  let stage: string | null = null
  return {
    stopped: () => stopped,
    tell(progress) {
      if (progress.stage === stage && performance.now() - told < TELL) return
      ;[stage, told] = [progress.stage, performance.now()]
      say({ progress })
    },
  }
}

async function done<T>(steps: Steps<T>): Promise<T> {
  let until = performance.now() + SLICE
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (value) await value
    else if (performance.now() > until) {
      await new Promise((resolve) => setImmediate(resolve))
      until = performance.now() + SLICE
    }
  }
}

function* readers(reader: Reader, { study }: ReadersQuestion): Steps<ReadersAnswer> {
  const votes = yield* readCountingVotes(reader, study, 'left-out')
  const table = tabulate(ratingsFrom(votes, study.categories).ratings)
  return { agreement: percentAgreement(table).pairwise, band: agreementBand(table) }
}
