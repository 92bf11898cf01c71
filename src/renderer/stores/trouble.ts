import { shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { asFailure, type Failure } from '../api.ts'

/** What went wrong outside of any page's own handling. Shown once, above everything, until it is put aside. */
export const useTrouble = defineStore('trouble', () => {
  const failure = shallowRef<Failure | null>(null)

  function note(caught: unknown): void {
    const found = asFailure(caught)
    // A request that was under way when the session ended or the window locked: that page says all there is to say.
    if (!['not-signed-in', 'locked', 'password-must-change'].includes(found.code)) failure.value = found
  }
  const putAside = (): void => void (failure.value = null)
  return { failure, note, putAside }
})
