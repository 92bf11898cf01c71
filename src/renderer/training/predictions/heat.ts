import type { Heat } from '../../../preload/contract/models.ts'

/** Black, red, yellow, white by warmth, more opaque the warmer: what is cold is not covered. */
export function heatPixels({
  width,
  height,
  values,
}: Pick<Heat, 'width' | 'height' | 'values'>): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(new ArrayBuffer(4 * width * height))
  values.forEach((value, i) => {
    pixels[4 * i] = 255
    pixels[4 * i + 1] = Math.max(0, 2 * value - 0.6) * 230
    pixels[4 * i + 2] = Math.max(0, 3 * value - 2.4) * 255
    pixels[4 * i + 3] = 255 * Math.min(1, 1.4 * value ** 1.5)
  })
  return pixels
}
