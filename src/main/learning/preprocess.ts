import { ConcordError } from '../domain/error.ts'
import { blur } from '../domain/gaussian.ts'
import { fitSquare } from './resample.ts'
import type { Picture } from './resample.ts'
import type { Preprocessing } from './types.ts'

/**
 * Pictures for the network from slices of a scan, as the published implementation of Walle 2023 (MotionScore) makes
 * them: Gaussian of 0.8 pixels, each slice scaled to 0..1 by its own minimum and maximum; then fitted into the input.
 */
export function prepareSlice(slice: Picture, { gaussian, scaling, imageSize }: Preprocessing): Float32Array {
  const smooth = blur(slice, gaussian)
  const fitted = fitSquare(scaling === 'min-max' ? scaleToUnit(smooth) : smooth, imageSize)
  return scaling === 'signed' ? fitted.map((value) => 2 * value - 1) : fitted
}

/** Middles of `count` equal parts of a stack of `slices`; fewer where there are fewer slices. */
export function equallySpaced(slices: number, count: number): number[] {
  const parts = Math.min(slices, count)
  return Array.from({ length: parts }, (_, index) => Math.floor(((index + 0.5) * slices) / parts))
}

/** Scales to 0..1; a slice of one value becomes 0 everywhere. */
export function scaleToUnit({ width, height, pixels }: Picture): Picture {
  const [least, most] = range(pixels)
  const scale = most > least ? 1 / (most - least) : 0
  const scaled = new Float32Array(pixels.length)
  for (let index = 0; index < pixels.length; index++) scaled[index] = (pixels[index]! - least) * scale
  return { width, height, pixels: scaled }
}

/**
 * Refuses a scan that says nothing to a network.
 * @param pixels The raw pictures of one scan.
 * @throws ConcordError `scan-not-a-number` or `scan-constant`.
 */
export function checkPixels(scanId: string, pixels: Float32Array[]): void {
  let varied = false
  for (const picture of pixels) {
    const [least, most] = range(picture)
    if (!Number.isFinite(least) || !Number.isFinite(most)) {
      throw new ConcordError(
        'scan-not-a-number',
        `Scan ${scanId} holds values that are not numbers: leave it out or import it anew.`,
      )
    }
    if (most > least) varied = true
  }
  if (!varied) {
    throw new ConcordError('scan-constant', `Scan ${scanId} has the same value everywhere in its slices: leave it out.`)
  }
}

/** Smallest and largest value; both NaN where any value is. */
function range(pixels: Float32Array): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (let index = 0; index < pixels.length; index++) {
    const pixel = pixels[index]!
    if (pixel < least) least = pixel
    if (pixel > most) most = pixel
    if (pixel !== pixel) return [NaN, NaN]
  }
  return [least, most]
}
