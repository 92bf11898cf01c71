import { ref } from 'vue'
import { defineStore } from 'pinia'
import { onEvent } from '../api.ts'

/** Whether the department's server can be reached; always true where the data lies in a file. */
export const useServer = defineStore('server', () => {
  const reachable = ref(true)
  const listen = (): (() => void) => onEvent('server', (now) => void (reachable.value = now.reachable))
  return { reachable, listen }
})
