import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { breakDue, dismissed, newStint, paused } from './breaks.ts'

const tick = 10_000

/** Minutes read without a rest where a break is to be suggested now; `dismiss` answers "not now". */
export function useBreaks(every: () => number | null, away: () => boolean) {
  const stint = shallowRef(newStint(Date.now()))
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), tick)
  onBeforeUnmount(() => clearInterval(timer))
  watch(away, (on) => {
    now.value = Date.now()
    stint.value = paused(stint.value, on, now.value)
  })
  const due = computed(() => breakDue(stint.value, every(), now.value))
  function dismiss(): boolean {
    if (due.value === null) return false
    now.value = Date.now()
    stint.value = dismissed(stint.value, now.value)
    return true
  }
  return { due, dismiss }
}
