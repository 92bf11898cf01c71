import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ChartOption } from './echarts.ts'
import { useNear } from './useNear.ts'

/** Milliseconds after which a chart is drawn although the page is not at rest. */
const PATIENCE = 500

/**
 * What a chart draws: its option as it was when the page was last at rest and the chart near the screen; null before. A page of
 * a dozen charts, one of ten thousand bars, would else draw all of them, seen or not, before the figures of a filter show.
 */
export function usePicture(
  place: Readonly<Ref<HTMLElement | null>>,
  option: () => ChartOption,
): { picture: ShallowRef<ChartOption | null>; behind: Ref<boolean> } {
  const near = useNear(place)
  const picture = shallowRef<ChartOption | null>(null)
  /** The picture is not of the figures that the page shows. */
  const behind = ref(false)
  let waiting = 0
  // Far from the screen it is not even computed.
  const wanted = (): ChartOption | null => (near.value ? option() : null)
  watch(wanted, (now) => {
    if (!now) return
    behind.value = now !== picture.value
    if (!behind.value || waiting !== 0) return
    // One task a chart, and the text is painted first.
    waiting = requestIdleCallback(
      () => {
        waiting = 0
        const last = wanted()
        if (!last) return
        picture.value = last
        behind.value = false
      },
      { timeout: PATIENCE },
    )
  })
  onBeforeUnmount(() => cancelIdleCallback(waiting))
  return { picture, behind }
}
