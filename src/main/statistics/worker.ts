import { parentPort, workerData } from 'node:worker_threads'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { Place } from '../store/place.ts'
import { openReader } from '../store/open-reader.ts'
import type { Steps } from '../store/reader.ts'
import { current } from './catch-up.ts'
import { emptyCopy, type Copy } from './copy.ts'
import { disputed, named } from './disputed.ts'
import type { StatisticsReply, StatisticsRequest } from './host.ts'
import { pageParts } from './overview-page.ts'
import { overview } from './overview.ts'
import { practice } from './practice.ts'
import type { OverviewAnswer, OverviewQuestion, Question, VoteFilter } from './question.ts'

// A thread of its own with a connection of its own, so that neither 300,000 votes nor a bootstrap hold the thread that
// answers votes.

/** Milliseconds of work before new questions are looked at. */
const SLICE = 8

const reader = await openReader((workerData as { place: Place }).place)
const copies = new Map<string, Copy>()
/** The newest question stands last and is answered first: the page asks anew when its filter changes. */
const jobs: { id: number; question: Question; steps: AnswerSteps; waits: boolean }[] = []
type AnswerSteps = Steps<unknown>
let due = false

parentPort?.on('message', (request: StatisticsRequest | 'close' | 'forget') => {
  if (request === 'forget') {
    for (const [id, copy] of copies) if (copy.secret) copies.delete(id)
    return
  }
  if (request === 'close') {
    jobs.length = 0
    void reader.close().finally(() => parentPort?.close())
    return
  }
  const { id, question } = request
  for (const job of jobs.filter((one) => supersedes(question, one.question)))
    end(job, { id: job.id, error: 'Another filter was chosen meanwhile.', code: 'superseded' })
  jobs.push({ id, question, steps: answer(question), waits: false })
  goOn()
})

type Asked = Extract<Question, { asker?: string | undefined }>

/** Whoever chooses another filter, or another study, waits no longer for what the last one's page was still to get. */
function supersedes(question: Question, before: Question): boolean {
  const isAsked = (one: Question): one is Asked => 'asker' in one && one.asker !== undefined
  if (!isAsked(question) || !isAsked(before) || question.asker !== before.asker) return false
  const of = ({ study, filter }: Asked): string => JSON.stringify([study.id, filter])
  return of(question) !== of(before)
}

function goOn(): void {
  if (due || jobs.every(({ waits }) => waits)) return
  due = true
  setImmediate(work)
}

function work(): void {
  due = false
  const job = jobs.findLast(({ waits }) => !waits)
  if (!job) return
  const until = performance.now() + SLICE
  try {
    let step = job.steps.next()
    while (!step.done && !step.value && performance.now() < until) step = job.steps.next()
    if (step.done) end(job, { id: job.id, answer: step.value })
    else if (step.value) {
      job.waits = true
      void step.value.then(() => {
        job.waits = false
        goOn()
      })
    }
  } catch (error) {
    end(job, { id: job.id, error: messageOf(error), code: error instanceof ConcordError ? error.code : null })
  }
  goOn()
}

function end(job: (typeof jobs)[number], reply: StatisticsReply): void {
  jobs.splice(jobs.indexOf(job), 1)
  parentPort?.postMessage(reply)
}

function* answer(question: Question): AnswerSteps {
  const { id, keys } = question.study
  const copy = copies.get(id) ?? emptyCopy()
  copies.set(id, copy)
  copy.secret = keys?.some(({ opened }) => !opened) ?? false
  try {
    yield* current(reader, question.study, copy)
  } catch (error) {
    copies.delete(id)
    throw error
  }
  if (question.kind === 'disputed') return yield* disputed(reader, copy, question)
  if (question.kind === 'overview-parts')
    return pageParts(yield* asSteps(answered(copy, { ...question, kind: 'overview' })))
  if (question.kind === 'overview') return yield* asSteps(answered(copy, question))
  const opening: OverviewQuestion = { ...question, kind: 'overview', filter: {}, everything: false }
  yield* asSteps(answered(copy, opening))
  // The list of disputed scans is asked for next, or a filter.
  yield* named(reader, id, copy)
  yield* asSteps(practice(copy, opening, (one) => (isOfSite(one.filter) ? answered(copy, one) : overview(copy, one))))
  return null
}

const isOfSite = (filter: VoteFilter): boolean => Object.keys(filter).join() === 'site'

/** Answers that are kept of each study: those of the filters that somebody goes back and forth between. */
const KEPT = 8

/** What was answered before is still true as long as nothing changed. */
function* answered(copy: Copy, question: OverviewQuestion): Generator<void, OverviewAnswer> {
  const { study, filter, resamples, everything, seed } = question
  const { categories, rescanFrom, condition } = study
  const key = JSON.stringify([categories, rescanFrom, condition, filter, resamples, everything, seed])
  const { version } = copy
  if (copy.answers.version !== version) copy.answers = { version, byQuestion: new Map() }
  const { byQuestion } = copy.answers
  const known = byQuestion.get(key)
  if (known) return known
  const answer = yield* overview(copy, question)
  if (copy.version !== version) return answer
  if (byQuestion.size === KEPT) byQuestion.delete(byQuestion.keys().next().value!)
  byQuestion.set(key, answer)
  return answer
}

/** Work that waits for nothing. */
function* asSteps<T>(work: Generator<void, T>): Steps<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    yield
  }
}
