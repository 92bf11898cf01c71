import { setImmediate } from 'node:timers/promises'
import { ConcordError } from '../domain/error.ts'

/**
 * Lets long work be paused and cancelled: it asks for its turn between steps, which also lets the thread hear messages.
 */
export class Turns {
  #cancelled = false
  #resume: (() => void) | null = null
  #paused: Promise<void> | null = null
  #pausedMs = 0

  /** Whether the next step waits. */
  get paused(): boolean {
    return this.#paused !== null
  }

  /** Milliseconds spent waiting so far. */
  /** Whether the next step waits. */
  get pausedMs(): number {
    return this.#pausedMs
  }

  cancel(): void {
    this.#cancelled = true
    this.resume()
  }

  pause(): void {
    if (this.#cancelled || this.#paused) return
    this.#paused = new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  resume(): void {
    this.#resume?.()
    this.#paused = null
    this.#resume = null
  }

  /** @throws ConcordError `cancelled`. */
  async next(): Promise<void> {
    await setImmediate()
    if (this.#paused) {
      const since = performance.now()
      await this.#paused
      this.#pausedMs += performance.now() - since
    }
    if (this.#cancelled) throw new ConcordError('cancelled', 'Cancelled.')
  }
}
