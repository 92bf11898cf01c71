import { setImmediate as others } from 'node:timers/promises'

/** How long work says how far it is, and learns that it should stop. */
export interface Work {
  signal?: AbortSignal | undefined
  /** @param share 0 to 1 */
  progress?(share: number): void
}

/** So many milliseconds of work at a time; then whatever else the window asks has its turn. */
const TURN = 10

/** Awaited between pieces of work: lets others have their turn now and then, and throws where the work was cancelled. */
export function turns({ signal }: Work): () => Promise<void> {
  let since = performance.now()
  return async () => {
    signal?.throwIfAborted()
    if (performance.now() - since < TURN) return
    await others()
    since = performance.now()
  }
}

/** Counts bytes, of all that are to be handled, as a share of the work. */
export function counted(work: Work, total: number): (bytes: number) => void {
  let done = 0
  return (bytes) => {
    done += bytes
    work.progress?.(total === 0 ? 1 : done / total)
  }
}
