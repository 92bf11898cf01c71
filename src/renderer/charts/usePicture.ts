import { onBeforeUnmount, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
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
): ShallowRef<ChartOption | null> {
  const near = useNear(place)
  const picture = shallowRef<ChartOption | null>(null)
  let waiting = 0
  // Far from the screen it is not even computed.
  const wanted = (): ChartOption | null => (near.value ? option() : null)
  watch(wanted, (now) => {
    if (!now || waiting !== 0) return
    // One task a chart, and the text is painted first.
    waiting = requestIdleCallback(
      () => {
        waiting = 0
        picture.value = wanted() ?? picture.value
      },
      { timeout: PATIENCE },
    )
  })
  onBeforeUnmount(() => cancelIdleCallback(waiting))
  return picture
}
