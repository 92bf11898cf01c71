import { onBeforeUnmount } from 'vue'

/** Runs work at most once in so many milliseconds, the last call included: votes come faster than a page needs to follow. */
export function useSoon(work: () => unknown, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  onBeforeUnmount(() => timer && clearTimeout(timer))
  return () => {
    timer ??= setTimeout(() => {
      timer = null
      void work()
    }, ms)
  }
}
