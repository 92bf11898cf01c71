import { onBeforeUnmount, watch, type Ref } from 'vue'
import { useReading } from '../stores/reading.ts'
import type { WindowLevel } from '../viewer/window-level.ts'

/** Soon after the reader stops moving; and now and then, for the time spent. */
const settled = 350
const nowAndThen = 10_000

/**
 * Keeps where the reader is on the scan in front, and goes back there after an interruption. A place belongs to one scan:
 * the next one opens as every scan does.
 */
export function usePlace(slice: Ref<number>, window: Ref<WindowLevel | null>) {
  const reading = useReading()
  let restored: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const keep = (): void => void reading.keepPlace({ slice: slice.value, window: window.value })
  const often = setInterval(() => reading.sight && !reading.paused && keep(), nowAndThen)
  watch([slice, window], () => {
    clearTimeout(timer)
    if (reading.sight) timer = setTimeout(keep, settled)
  })
  onBeforeUnmount(() => {
    clearInterval(often)
    clearTimeout(timer)
  })

  /** The scan's first picture is there: back to where the reader was. */
  function restore(): void {
    const { desk, current } = reading
    if (!desk?.place || !current || restored === current.assignmentId) return
    restored = current.assignmentId
    slice.value = Math.min(desk.place.slice, current.dims[2] - 1)
    if (desk.place.window) window.value = desk.place.window
  }
  return { restore }
}
