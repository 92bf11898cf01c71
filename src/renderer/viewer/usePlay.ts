import { onScopeDispose, ref, type Ref } from 'vue'

const SLICES_A_SECOND = 20

/** Runs through the slices, round and round, until stopped. `step` moves by one slice. */
export function usePlay(step: () => void): { playing: Ref<boolean>; toggle: () => void; stop: () => void } {
  const playing = ref(false)
  let frame = 0
  let last = 0

  function tick(now: number): void {
    frame = requestAnimationFrame(tick)
    if (now - last < 1000 / SLICES_A_SECOND) return
    last = now
    step()
  }
  function stop(): void {
    cancelAnimationFrame(frame)
    playing.value = false
  }
  function toggle(): void {
    if (playing.value) {
      stop()
      return
    }
    playing.value = true
    frame = requestAnimationFrame(tick)
  }
  onScopeDispose(stop)
  return { playing, toggle, stop }
}
