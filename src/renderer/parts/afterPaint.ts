/** Milliseconds after which the work is done although the page is not at rest, or not painted since its window is not seen. */
const PATIENCE = 500

/** Does work once what the page shows now is painted and it is at rest. Returns what calls it off. */
export function afterPaint(work: () => void): () => void {
  let idle = 0
  const frame = requestAnimationFrame(() => (idle = requestIdleCallback(run)))
  const late = setTimeout(run, PATIENCE)
  function stop(): void {
    cancelAnimationFrame(frame)
    cancelIdleCallback(idle)
    clearTimeout(late)
  }
  function run(): void {
    stop()
    work()
  }
  return stop
}
