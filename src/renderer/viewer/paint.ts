import type { Thumbnail, VolumeHeader } from './volume.ts'
import { storedWindow, type WindowLevel } from './window-level.ts'

/** Draws a small slice through the window onto a 2-D canvas, which takes the slice's size in pixels. */
export function paint(
  canvas: HTMLCanvasElement,
  thumbnail: Thumbnail,
  header: Pick<VolumeHeader, 'slope' | 'intercept' | 'minIsWhite'>,
  window: WindowLevel,
  inverted: boolean,
): void {
  const { width, height, components, values } = thumbnail
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  const picture = context.createImageData(width, height)
  picture.data.set(pixels(values, components, storedWindow(window, header), inverted))
  context.putImageData(picture, 0, 0)
}

/** Stored values as opaque RGBA bytes. */
export function pixels(
  values: Float32Array,
  components: 1 | 3,
  window: { level: number; width: number; flipped: boolean },
  inverted: boolean,
): Uint8ClampedArray {
  const count = values.length / components
  const rgba = new Uint8ClampedArray(count * 4)
  // The same line as `brightness` in window-level.ts, without a call a pixel; the clamped array rounds and limits.
  const sign = window.flipped !== inverted ? -1 : 1
  const scale = (sign * 255) / window.width
  const offset = 127.5 - window.level * scale
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = values[i * components + (components === 3 ? c : 0)]! * scale + offset
    rgba[i * 4 + 3] = 255
  }
  return rgba
}
