import { ref } from 'vue'

const key = 'concord.words'

/** Whether the words of Landis and Koch stand beside a kappa; a habit of the person at this window. */
export const wordsShown = ref(localStorage.getItem(key) !== 'off')

export function showWords(on: boolean): void {
  wordsShown.value = on
  localStorage.setItem(key, on ? 'on' : 'off')
}
