import { parentPort } from 'node:worker_threads'
import { ConcordError, messageOf } from '../domain/error.ts'
import { deviceOf } from './device.ts'
import { infer, openGrader } from './infer.ts'
import type { Grader } from './infer.ts'
import { heatOf, openHeater } from './heat.ts'
import type { Heater } from './heat.ts'
import { memoryNeed } from './memory.ts'
import { saveModel } from './model-file.ts'
import { describeNetwork } from './networks/describe.ts'
import type { Tf } from './networks/network.ts'
import type { FromLearner, TaskName, Tasks, ToLearner } from './protocol.ts'
import { handlePackage } from './packages.ts'
import { runNetwork } from './run-network.ts'
import { loadTensorflow } from './tensorflow.ts'
import type { Tensorflow } from './tensorflow.ts'
import { writeTensorflowJs } from './tensorflow-js.ts'
import { train } from './train.ts'
import { Turns } from './turns.ts'
import type { InferRequest, Progress } from './types.ts'

/**
 * The one thread that owns TensorFlow. Tasks may run side by side: each gives way between steps, and within a step
 * nothing waits, so the library's scopes never mix.
 */
const port = parentPort
if (!port) throw new Error('The learner runs as a worker thread.')
const send = (message: FromLearner): void => port.postMessage(message)

const running = new Map<number, { turns: Turns; tell: Report }>()
/** Loaded with the first task, so that a failure is that task's. */
let loaded: Tensorflow | undefined
/** The model used last stays ready, for one scan after another. */
let grader: Grader | undefined
let heater: Heater | undefined

port.on('message', (message: ToLearner) => {
  if (message.kind === 'start') void run(message)
  else {
    const task = running.get(message.id)
    task?.turns[message.kind]()
    // A halted task says nothing by itself.
    task?.tell.again()
  }
})

async function run({ id, task, request }: Extract<ToLearner, { kind: 'start' }>): Promise<void> {
  const turns = new Turns()
  const report = throttled((progress) =>
    send({ kind: 'progress', id, progress: { ...progress, paused: turns.paused } }),
  )
  running.set(id, { turns, tell: report })
  try {
    const tensorflow = (loaded ??= loadTensorflow())
    const tasks: { [Name in TaskName]: (asked: Tasks[Name]['request']) => Promise<Tasks[Name]['result']> } = {
      train: (asked) =>
        train(tensorflow, asked, {
          turns,
          onProgress: report,
          onEpoch: (figures) => send({ kind: 'epoch', id, figures }),
        }),
      infer: (asked) => infer(graderFor(tensorflow.tf, asked), asked, turns, report),
      describe: (asked) => Promise.resolve(describeNetwork(tensorflow.tf, asked)),
      run: (asked) => runNetwork(tensorflow.tf, asked),
      memory: (asked) => Promise.resolve(memoryNeed(tensorflow.tf, asked, tensorflow.allocator?.statistics() ?? null)),
      heat: (asked) => heatOf(heaterFor(tensorflow.tf, asked), asked),
      saveModel: ({ root, model }) => Promise.resolve(saveModel(root, model)),
      modelFile: (asked) => Promise.resolve(handlePackage(asked)),
      tensorflowJs: (asked) => writeTensorflowJs(tensorflow.tf, asked),
      device: () => Promise.resolve(deviceOf(tensorflow)),
    }
    const work = tasks[task] as (asked: typeof request) => Promise<Tasks[TaskName]['result']>
    send({ kind: 'done', id, result: await work(request) })
  } catch (error) {
    send({ kind: 'failed', id, ...failureOf(error) })
  } finally {
    running.delete(id)
    // What a run took goes back to the system; grading one scan after another keeps its blocks.
    if (task === 'train' && running.size === 0) loaded?.allocator?.trim()
  }
}

function graderFor(tf: Tf, request: InferRequest): Grader {
  const fits =
    grader?.folder === request.modelFolder &&
    (request.sha256 ?? grader.model.sha256) === grader.model.sha256 &&
    grader.predictor.batch === (request.batch ?? 8)
  if (!fits || !grader) {
    grader?.dispose()
    grader = undefined
    grader = openGrader(tf, request)
  }
  return grader
}

function heaterFor(tf: Tf, request: Tasks['heat']['request']): Heater {
  if (heater?.model.sha256 === request.sha256) return heater
  heater?.dispose()
  heater = undefined
  return (heater = openHeater(tf, request))
}

interface Report {
  (progress: Progress): void
  /** Sends the last one once more. */
  again(): void
}

/** At most about ten a second, but the first of a stage and the last always. */
function throttled(sendProgress: (progress: Progress) => void): Report {
  let last: Progress | undefined
  let sent = 0
  const report = (progress: Progress): void => {
    const now = performance.now()
    const due = now - sent >= 100 || progress.stage !== last?.stage || progress.done === progress.total
    last = progress
    if (!due) return
    sent = now
    sendProgress(progress)
  }
  return Object.assign(report, { again: () => last && sendProgress(last) })
}

function failureOf(error: unknown): { code: string; message: string; field: string | undefined } {
  if (error instanceof ConcordError) return { code: error.code, message: error.message, field: error.field }
  const message = messageOf(error)
  if (/OOM when allocating|bad_alloc|out of memory/i.test(message)) {
    const advice = 'Choose a smaller image size or fewer slices a step.'
    return {
      code: 'learner-out-of-memory',
      message: `The network needs more memory than there is. ${advice}`,
      field: undefined,
    }
  }
  return { code: 'learner-failed', message: `The computation failed: ${message}`, field: undefined }
}
