import { watch, type Ref } from 'vue'
import type { Looking } from './line.ts'

export type LookingRefs = { [K in keyof Looking]: Ref<Looking[K]> }

/**
 * Keeps slice, window and the rest the same in both windows. What was heard is not said again, so that nothing goes to and
 * fro; what was changed here meanwhile is.
 */
export function useLooking(refs: LookingRefs, tell: (looking: Looking) => void) {
  const now = (): Looking => ({
    ...{ slice: refs.slice.value, window: refs.window.value, inverted: refs.inverted.value },
    ...{ planes: refs.planes.value, view: refs.view.value },
  })
  let known = JSON.stringify(now())

  watch(now, (looking) => {
    const text = JSON.stringify(looking)
    if (text === known) return
    known = text
    tell(looking)
  })
  function hear(looking: Looking): void {
    known = JSON.stringify(looking)
    refs.slice.value = looking.slice
    refs.window.value = looking.window
    refs.inverted.value = looking.inverted
    refs.planes.value = looking.planes
    refs.view.value = looking.view
  }
  return { now, hear }
}
