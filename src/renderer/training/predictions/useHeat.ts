import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Heat } from '../../../preload/contract/models.ts'
import { api, asFailure, type Failure } from '../../api.ts'

export interface HeatAsked {
  modelId: string
  scanId: string
  slice: number
  grade: number | null
}

/** Where a model looks in the slice on the screen; while a new one is computed the picture has none. The latest asked for counts. */
export function useHeat(asked: () => HeatAsked | null): {
  heat: ShallowRef<Heat | null>
  busy: Ref<boolean>
  failure: ShallowRef<Failure | null>
} {
  const heat = shallowRef<Heat | null>(null)
  const busy = ref(false)
  const failure = shallowRef<Failure | null>(null)
  let turn = 0
  let waiting: ReturnType<typeof setTimeout> | undefined

  async function ask(request: HeatAsked, own: number): Promise<void> {
    try {
      const found = await api.models.heat(request)
      if (own === turn) heat.value = found
    } catch (caught) {
      if (own === turn) failure.value = asFailure(caught)
    } finally {
      if (own === turn) busy.value = false
    }
  }
  watch(
    () => JSON.stringify(asked()),
    () => {
      const own = ++turn
      const request = asked()
      heat.value = null
      failure.value = null
      clearTimeout(waiting)
      busy.value = request !== null
      // Slices that only pass by are not computed.
      if (request) waiting = setTimeout(() => void ask(request, own), 120)
    },
    { immediate: true },
  )
  return { heat, busy, failure }
}
