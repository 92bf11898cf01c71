import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue'

/** Rows at a time: more than a large screen shows. */
const step = 40
/** Milliseconds after which more come although the page is not at rest. */
const PATIENCE = 500

/** The first rows of a list at once and the rest while the page is at rest: what is seen does not wait for what is not. */
export function useGradually<T>(rows: () => readonly T[]): {
  shown: ComputedRef<readonly T[]>
  /** Makes sure that a place, from 0, is among them. */
  reach: (place: number) => void
} {
  const count = ref(step)
  let waiting = 0
  function grow(): void {
    waiting = 0
    count.value += step
    soon()
  }
  function soon(): void {
    if (waiting === 0 && count.value < rows().length) waiting = requestIdleCallback(grow, { timeout: PATIENCE })
  }
  watch(rows, (now, before) => {
    // Another list, not more of the same.
    if (now[0] !== before[0]) count.value = step
    soon()
  })
  soon()
  onScopeDispose(() => cancelIdleCallback(waiting))
  return {
    shown: computed(() => rows().slice(0, count.value)),
    reach: (place) => (count.value = Math.max(count.value, place + 1)),
  }
}
