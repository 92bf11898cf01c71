import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { PlaneImage } from './plane.ts'
import { planeSize, type Meaning, type Scene } from './scene.ts'
import { useScenes } from './useScenes.ts'
import { fitted, visibleFrame, type Size, type View } from './view.ts'
import type { WindowLevel } from './window-level.ts'

export interface Picture {
  /** Which scan it is of; null while there is none. */
  scanId: Readonly<Ref<string | null>>
  /** Null while the plane is not here yet: what was drawn of the same scan stays. */
  image: Readonly<Ref<PlaneImage | null>>
  meaning: Readonly<Ref<Meaning | null>>
  window: Readonly<Ref<WindowLevel | null>>
  inverted: Readonly<Ref<boolean>>
}
export interface LiveScene {
  view: ShallowRef<View>
  /** Millimetres of the plane drawn last. */
  plane: Readonly<ShallowRef<Size>>
  /** CSS pixels. */
  viewport: Readonly<ShallowRef<Size>>
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
  view: ShallowRef<View>,
  onDrawn: (scanId: string) => void,
): LiveScene {
  const scenes = useScenes()
  const drawn = ref<string | null>(null)
  const broken = ref<string | null>(null)
  const plane = shallowRef<Size>([1, 1])
  const viewport = shallowRef<Size>(unknown)
  let scene: Scene | null = null
  let frame = 0
  let losses = 0
  /** The scan whose plane the scene holds. */
  let held: string | null = null

  /** The canvas covers the plane and no more. */
  function place(of: Scene): void {
    const part = visibleFrame(plane.value, viewport.value, view.value)
    const { style } = host.value!
    style.left = `${part.left}px`
    style.top = `${part.top}px`
    style.width = `${part.width}px`
    style.height = `${part.height}px`
    of.setFrame(part, devicePixelRatio)
  }
  function draw(): void {
    frame = 0
    if (!scene || viewport.value === unknown) return
    const [scanId, image, window] = [picture.scanId.value, picture.image.value, picture.window.value]
    if (image && scanId) {
      scene.setImage(image, picture.meaning.value)
      plane.value = planeSize(image)
      held = scanId
    } else if (held !== scanId || !scanId) {
      scene.setImage(null, null)
      held = null
    }
    if (held && window) {
      scene.setWindow(window, picture.inverted.value)
      place(scene)
    }
    scene.render()
    const now = window ? held : null
    if (now === drawn.value) return
    drawn.value = now
    if (now) onDrawn(now)
  }
  function soon(): void {
    frame ||= requestAnimationFrame(draw)
  }

  /** A scene in the place, also after the graphics process died under the one before. */
  function start(): void {
    const element = host.value
    if (!element) return
    if (scene) scenes.drop(scene)
    held = null
    try {
      scene = scenes.take()
      scene.lost = () => setTimeout(restart)
      element.append(scene.element)
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
      viewport.value = [entry.contentRect.width, entry.contentRect.height]
      // Now, not in the next frame: a resized canvas is blank until it is drawn.
      draw()
    })
    observer.observe(host.value.parentElement!)
    soon()
  })
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame)
    observer?.disconnect()
    if (scene) scenes.release(scene)
    scene = null
  })

  watch(picture.scanId, () => {
    view.value = fitted
    drawn.value = null
  })
  watch([picture.scanId, picture.image, picture.window, picture.inverted, view], soon)

  return { view, plane, viewport, drawn, broken }
}
