import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asFailure, type Failure } from '../api.ts'

export interface Load<T> {
  value: ShallowRef<T | null>
  failure: ShallowRef<Failure | null>
  busy: Ref<boolean>
  load: () => Promise<void>
}

/** A value that a page fetches: at most one answer counts, the latest asked for. The old value stays while the new one comes. */
export function useLoad<T>(fetch: () => Promise<T>): Load<T> {
  const value = shallowRef<T | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const busy = ref(false)
  let asked = 0

  async function load(): Promise<void> {
    const turn = ++asked
    busy.value = true
    try {
      const got = await fetch()
      if (turn !== asked) return
      value.value = got
      failure.value = null
    } catch (caught) {
      if (turn === asked) failure.value = asFailure(caught)
    } finally {
      if (turn === asked) busy.value = false
    }
  }

  return { value, failure, busy, load }
}
