import { onBeforeUnmount } from 'vue'

/**
 * Runs work at most once in so many milliseconds, the last call included: votes come faster than a page needs to follow. Work that
 * takes longer is never begun a second time before it is done, and rests as long as it took.
 */
export function useSoon(work: () => unknown, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let wanted = false
  async function run(): Promise<void> {
    wanted = false
    const began = performance.now()
    await work()
    timer = wanted ? setTimeout(run, Math.max(ms, performance.now() - began)) : null
  }
  onBeforeUnmount(() => {
    wanted = false
    if (timer) clearTimeout(timer)
  })
  return () => {
    wanted = true
    timer ??= setTimeout(run, ms)
  }
}
