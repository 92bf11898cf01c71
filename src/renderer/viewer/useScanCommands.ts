import type { Ref } from 'vue'
import {
  cursorStep,
  keyName,
  sliceAfter,
  viewCommands,
  viewKeys,
  type PlaneHandle,
  type ViewCommand,
} from './commands.ts'
import { usePlay } from './usePlay.ts'
import type { Tools } from './useTools.ts'
import { fitted, type View } from './view.ts'
import type { LoadedVolume, Shown } from './volume.ts'
import { nextPreset, presetWindow, steppedWindow, type WindowLevel } from './window-level.ts'

/** What the commands work on. */
interface Picture {
  shown: Readonly<Ref<Shown | null>>
  volume: Readonly<Ref<LoadedVolume | null>>
  slice: Ref<number>
  slices: Readonly<Ref<number>>
  window: Ref<WindowLevel | null>
  inverted: Ref<boolean>
  view: Ref<View>
  tools: Tools
  main: Readonly<Ref<PlaneHandle | null>>
  /** Nothing of the scan is seen; commands do nothing. */
  hidden: () => boolean
}

/** All that can be asked of a picture by key, button or program. */
export function useScanCommands(picture: Picture) {
  const { shown, volume, slice, slices, window, inverted, view, tools, main, hidden } = picture
  const play = usePlay(() => slices.value > 0 && (slice.value = (slice.value + 1) % slices.value))

  function go(to: number): void {
    play.stop()
    if (slices.value > 0) slice.value = Math.min(slices.value - 1, Math.max(0, to))
  }
  /** To the next of the equally spaced slices on a side. */
  function hop(side: 1 | -1): void {
    const marks = volume.value?.thumbnails.map((one) => one.slice) ?? []
    const next = side > 0 ? marks.find((mark) => mark > slice.value) : marks.findLast((mark) => mark < slice.value)
    if (next !== undefined) go(next)
  }
  const flips = {
    play: () => play.toggle(),
    invert: () => (inverted.value = !inverted.value),
    fit: () => (view.value = fitted),
    'zoom-in': () => main.value?.zoomBy(1.25),
    'zoom-out': () => main.value?.zoomBy(0.8),
    'full-screen': () => fullScreen(),
    planes: () => (tools.planes.value = !tools.planes.value),
    slab: () => tools.nextSlab(),
    'slab-thickness': () => tools.nextThickness(),
    crosshair: () => (tools.crosshair.value = !tools.crosshair.value),
    measure: () => tools.measure(),
    histogram: () => (tools.histogram.value = !tools.histogram.value),
    magnifier: () => (tools.lens.value = !tools.lens.value),
  } satisfies Partial<Record<ViewCommand, () => unknown>>

  function run(command: ViewCommand): void {
    if (!shown.value || !window.value || hidden()) return
    const step = tools.aiming.value ? cursorStep(command) : null
    const to = sliceAfter(command, slice.value, slices.value)
    if (step) tools.move(...step)
    else if (to !== null) go(to)
    else if (command === 'left' || command === 'left-ten') hop(-1)
    else if (command === 'right' || command === 'right-ten') hop(1)
    else if (command === 'window-next') window.value = presetWindow(nextPreset(window.value.preset), shown.value)
    else if (command in flips) flips[command as keyof typeof flips]()
    else window.value = steppedWindow(window.value, command, shown.value.header)
  }
  function onKey(event: KeyboardEvent): void {
    const name = keyName(event)
    const command = viewCommands.find((one) => viewKeys[one] === name)
    if (!command || event.defaultPrevented) return
    event.preventDefault()
    run(command)
  }
  return { run, go, onKey, play }
}

/** The whole window, with everything in it: lists that open lie outside of the picture's own element. */
function fullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen()
  else void document.documentElement.requestFullscreen()
}
