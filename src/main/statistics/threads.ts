import type { Worker } from 'node:worker_threads'
import { ConcordError } from '../domain/error.ts'

/** Milliseconds that a thread may take to end a step and close its connection. */
const PATIENCE = 2000

/** Asks a thread to end and waits until it has; one that does not hear is ended. */
export async function endThread(thread: Worker, request: string): Promise<void> {
  // What waits for it must not be over before.
  thread.ref()
  const gone = new Promise<void>((done) => thread.once('exit', () => done()))
  thread.postMessage(request)
  const impatient = setTimeout(() => void thread.terminate(), PATIENCE)
  await gone
  clearTimeout(impatient)
}

/** What went wrong in a thread, as an error of this one. */
export const errorFrom = ({ error, code }: { error: string; code: string | null }): Error =>
  code === null ? new Error(error) : new ConcordError(code, error)
