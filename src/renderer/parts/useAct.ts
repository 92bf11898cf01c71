import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asFailure, type Failure } from '../api.ts'

export interface Act {
  busy: Ref<boolean>
  failure: ShallowRef<Failure | null>
  /** Runs one action; a second press while it runs does nothing. True when it went well. */
  run: (action: () => Promise<unknown>) => Promise<boolean>
}

/** A button's work: busy while it runs, its failure kept for the page to show. */
export function useAct(): Act {
  const busy = ref(false)
  const failure = shallowRef<Failure | null>(null)

  async function run(action: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    failure.value = null
    try {
      await action()
      return true
    } catch (caught) {
      failure.value = asFailure(caught)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, run }
}
