import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { afterPaint } from './afterPaint.ts'

/**
 * Figures for a part of a page: at once where it is on the screen, else once the page is painted and at rest. `behind`: it still has
 * the figures before, and must say so.
 */
export function useSeenFirst<T>(
  seen: () => boolean,
  now: () => T,
): { held: Readonly<ShallowRef<T>>; behind: ComputedRef<boolean> } {
  const held = shallowRef(now()) as ShallowRef<T>
  const behind = computed(() => held.value !== now())
  let stop: (() => void) | null = null
  function take(): void {
    stop?.()
    stop = null
    held.value = now()
  }
  watch([now, seen], () => {
    if (seen()) take()
    else if (behind.value) stop ??= afterPaint(take)
  })
  onScopeDispose(() => stop?.())
  return { held, behind }
}
