import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { quietTensorflow, type AllocatorStatistics } from '../../../src/main/learning/tensorflow.ts'

const file = fileURLToPath(new URL('tensorflow-thread.ts', import.meta.url))

/** What the thread answers, by what it is asked. */
interface Answers {
  about: { version: string; device: string }
  /** With the number of import slots of the libraries that lead to the allocator. */
  statistics: AllocatorStatistics & { slots: number }
  trim: undefined
  cap: undefined
  large: { inUse: number; mean: number; freed: boolean }
  upload: { before: number; after: number }
  types: Record<string, unknown>
  picture: { bytes: number; same: number }
  train: { losses: number[]; inUse: number[] }
  operations: number
}

interface Message {
  readonly value?: unknown
  readonly error?: string
  readonly step?: number
}

/** A started TensorFlow thread. `ask` resolves with the value it answers, and rejects with the error it met. */
export function tensorflowThread() {
  quietTensorflow()
  const worker = new Worker(file)
  const ended = new Promise<number>((done) => worker.once('exit', done))
  /** The next message that is no mere sign of a training step, or the first such sign when asked for. */
  const answer = (onlyStep?: number) =>
    new Promise<Message>((done, fail) => {
      const settle = (message: Message): void => {
        if (onlyStep === undefined ? message.step !== undefined : message.step !== onlyStep) return
        worker.off('message', settle).off('error', fail)
        done(message)
      }
      worker.on('message', settle).on('error', fail)
    })
  const ask = async <What extends keyof Answers>(
    what: What,
    rest: { size?: number; steps?: number } = {},
  ): Promise<Answers[What]> => {
    worker.postMessage({ what, ...rest })
    const { value, error } = await answer()
    if (error !== undefined) throw new Error(error)
    return value as Answers[What]
  }
  return {
    ask,
    /** Starts a training and resolves when its step number `step` begins. */
    async trainUntil(step: number, size: number): Promise<void> {
      worker.postMessage({ what: 'train', size, steps: 1000 })
      await answer(step)
    },
    /** Ends the thread wherever it is; resolves when it is gone. */
    async end(): Promise<void> {
      await worker.terminate()
      await ended
    },
  }
}
