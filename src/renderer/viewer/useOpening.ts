import { watch, type Ref } from 'vue'
import type { Shown } from './volume.ts'
import { carriedWindow, type WindowLevel } from './window-level.ts'

/** Where a scan goes on that was open elsewhere. */
export interface Start {
  scanId: string
  slice: number
  window: WindowLevel | null
}

/**
 * With the first picture of a scan: the middle of its stack, and the window the reader had before; or where it was left.
 * @param opens told of each scan that opens, when its slice is set and its window not yet
 */
export function useOpening(at: {
  shown: Ref<Shown | null>
  slice: Ref<number>
  window: Ref<WindowLevel | null>
  start: () => Start | null
  opens: () => void
}): void {
  const { shown, slice, window } = at
  let unit: string | null = null
  let opened: string | null = null
  watch(
    shown,
    (now) => {
      if (!now) return void (opened = null)
      if (opened === now.scanId) return
      opened = now.scanId
      const asked = at.start()
      const start = asked?.scanId === now.scanId ? asked : null
      const slices = now.header.dims[2]
      slice.value = Math.min(start?.slice ?? Math.floor(slices / 2), slices - 1)
      at.opens()
      if (start?.window) window.value = start.window
      else window.value = carriedWindow(window.value && unit !== null ? { window: window.value, unit } : null, now)
      unit = now.header.unit
    },
    { flush: 'sync', immediate: true },
  )
}
