import { computed, ref, watch, type ComputedRef } from 'vue'

const portion = 200

/** The first rows of a long list, and more on demand: tens of thousands of rows would hold the window. */
export function useFew<T>(rows: () => readonly T[]): {
  shown: ComputedRef<readonly T[]>
  hidden: ComputedRef<number>
  more: () => void
} {
  const limit = ref(portion)
  watch(rows, () => (limit.value = portion))
  const shown = computed(() => rows().slice(0, limit.value))
  const hidden = computed(() => Math.max(0, rows().length - limit.value))
  return { shown, hidden, more: () => (limit.value += 5 * portion) }
}
