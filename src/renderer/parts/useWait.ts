import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { Failure } from '../api.ts'

/** Seconds that are left of a failure's wait, counted down; null where it has none. */
export function useWait(failure: () => Failure | null): Ref<number | null> {
  const left = ref<number | null>(null)
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = (): void => clearInterval(timer)

  watch(
    failure,
    (now) => {
      stop()
      left.value = now?.wait ?? null
      if (!now?.wait) return
      // By the clock: a timer in a window that is not seen comes late.
      const end = Date.now() + now.wait * 1000
      timer = setInterval(() => {
        left.value = Math.max(0, Math.ceil((end - Date.now()) / 1000))
        if (left.value === 0) stop()
      }, 250)
    },
    { immediate: true },
  )
  onBeforeUnmount(stop)
  return left
}
