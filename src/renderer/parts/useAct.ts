import { nextTick, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asFailure, type Failure } from '../api.ts'

export interface Act {
  busy: Ref<boolean>
  failure: ShallowRef<Failure | null>
  /**
   * Runs one action; a second press while it runs does nothing. True when it went well. The action asks `still` before it
   * uses an answer that somebody may not be waiting for any more.
   */
  run: (action: (still: () => boolean) => Promise<unknown>) => Promise<boolean>
  /** Waits no longer for what is under way: its answer is not used. */
  abandon: () => void
}

/**
 * A button loses the keyboard when it is disabled while it works: it gets it back, where nothing else has it by then. One that
 * has nothing left to do leaves it to its panel: on the page's own body the next Tab would begin at the top.
 */
async function giveBack(before: Element | null): Promise<void> {
  await nextTick()
  if (document.activeElement !== document.body || !(before instanceof HTMLElement) || !before.isConnected) return
  before.focus({ preventScroll: true })
  if (document.activeElement === before) return
  const panel = before.closest<HTMLElement>('section, form, main')
  if (panel && !panel.hasAttribute('tabindex')) panel.tabIndex = -1
  panel?.focus({ preventScroll: true })
}

/** A button's work: busy while it runs, its failure kept for the page to show. */
export function useAct(): Act {
  const busy = ref(false)
  const failure = shallowRef<Failure | null>(null)
  let turn = 0

  async function run(action: (still: () => boolean) => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    const own = ++turn
    const before = document.activeElement
    const still = (): boolean => own === turn
    busy.value = true
    failure.value = null
    try {
      await action(still)
      return still()
    } catch (caught) {
      if (still()) failure.value = asFailure(caught)
      return false
    } finally {
      if (still()) {
        busy.value = false
        void giveBack(before)
      }
    }
  }
  function abandon(): void {
    turn++
    busy.value = false
  }

  return { busy, failure, run, abandon }
}
