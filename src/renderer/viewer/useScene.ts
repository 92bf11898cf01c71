import { markRaw, onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { createScene, type Scene } from './scene.ts'
import { fitted, visibleFrame, type Size, type View } from './view.ts'
import type { LoadedVolume } from './volume.ts'
import type { WindowLevel } from './window-level.ts'

export interface Picture {
  volume: ShallowRef<LoadedVolume | null>
  slice: Ref<number>
  window: Ref<WindowLevel | null>
  inverted: Ref<boolean>
}
export interface LiveScene {
  view: ShallowRef<View>
  /** Millimetres of the plane and CSS pixels of the viewport now. */
  sizes: () => { plane: Size; viewport: Size }
  /** The scan whose picture is on the screen; null while there is none. */
  drawn: Ref<string | null>
  /** Why there is no picture although the scan is here (no WebGL). */
  broken: Ref<string | null>
}

const MOST_LOSSES = 5
/** The size of the viewport before it was laid out. */
const unknown: Size = [1, 1]

/** Keeps one vtk scene inside `host`, a box placed in its parent, in step with what is to be seen; several changes in one frame are drawn once. */
export function useScene(
  host: Ref<HTMLElement | undefined>,
  picture: Picture,
  onDrawn: (scanId: string) => void,
): LiveScene {
  const view = shallowRef<View>(fitted)
  const drawn = ref<string | null>(null)
  const broken = ref<string | null>(null)
  let scene: Scene | null = null
  let viewport = unknown
  let frame = 0
  let losses = 0

  /** The canvas covers the slice and no more. */
  function place(of: Scene): void {
    const part = visibleFrame(of.plane(), viewport, view.value)
    const { style } = host.value!
    style.left = `${part.left}px`
    style.top = `${part.top}px`
    style.width = `${part.width}px`
    style.height = `${part.height}px`
    of.setFrame(part, devicePixelRatio)
  }
  function draw(): void {
    frame = 0
    if (!scene || viewport === unknown) return
    const volume = picture.volume.value
    scene.setVolume(volume)
    if (volume && picture.window.value) {
      scene.setSlice(Math.min(picture.slice.value, volume.header.dims[2] - 1))
      scene.setWindow(picture.window.value, picture.inverted.value)
      place(scene)
    }
    scene.render()
    const now = volume && picture.window.value ? volume.scanId : null
    if (now === drawn.value) return
    drawn.value = now
    if (now) onDrawn(now)
  }
  function soon(): void {
    frame ||= requestAnimationFrame(draw)
  }

  /** A new scene in the same place, also after the graphics process died under the old one. */
  function start(): void {
    const element = host.value
    if (!element) return
    try {
      scene?.delete()
    } catch {
      // Its context is gone; so is what it held.
    }
    try {
      scene = markRaw(createScene(element, () => setTimeout(restart)))
    } catch (caught) {
      scene = null
      broken.value = caught instanceof Error ? caught.message : String(caught)
    }
  }
  function restart(): void {
    if (!scene) return
    if (++losses > MOST_LOSSES) {
      broken.value = 'the graphics process stopped again and again'
      return
    }
    start()
    soon()
  }

  let observer: ResizeObserver | null = null
  onMounted(() => {
    start()
    if (!host.value || !scene) return
    observer = new ResizeObserver(([entry]) => {
      if (!entry || !scene) return
      viewport = [entry.contentRect.width, entry.contentRect.height]
      // Now, not in the next frame: a resized canvas is blank until it is drawn.
      draw()
    })
    observer.observe(host.value.parentElement!)
    soon()
  })
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame)
    observer?.disconnect()
    scene?.delete()
    scene = null
  })

  watch(picture.volume, () => {
    view.value = fitted
    drawn.value = null
  })
  watch([picture.volume, picture.slice, picture.window, picture.inverted, view], soon)

  return { view, drawn, broken, sizes: () => ({ plane: scene?.plane() ?? [1, 1], viewport }) }
}
