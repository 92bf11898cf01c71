import { ConcordError } from '../domain/error.ts'
import { fitSquare } from './resample.ts'
import type { Picture } from './resample.ts'
import type { Preprocessing } from './types.ts'

/**
 * Pictures for the network from slices of a scan, as the published implementation of Walle 2023 (MotionScore) makes
 * them: Gaussian of 0.8 pixels, each slice scaled to 0..1 by its own minimum and maximum; then fitted into the input.
 */
export function prepareSlice(slice: Picture, { gaussian, imageSize }: Preprocessing): Float32Array {
  return fitSquare(scaleToUnit(blur(slice, gaussian)), imageSize)
}

/** Middles of `count` equal parts of a stack of `slices`; fewer where there are fewer slices. */
export function equallySpaced(slices: number, count: number): number[] {
  const parts = Math.min(slices, count)
  return Array.from({ length: parts }, (_, index) => Math.floor(((index + 0.5) * slices) / parts))
}

/**
 * Gaussian of `sigma` pixels, cut at 4 sigma, edges mirrored with the outermost pixel repeated (as
 * scipy.ndimage.gaussian_filter does by default).
 */
export function blur(picture: Picture, sigma: number): Picture {
  const { width, height, pixels } = picture
  const radius = Math.floor(4 * sigma + 0.5)
  if (radius === 0) return picture
  const raw = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)))
  const sum = raw.reduce((total, weight) => total + weight, 0)
  const kernel = Float64Array.from(raw, (weight) => weight / sum)
  const across = convolve(pixels, kernel, height, width, width, 1)
  return { width, height, pixels: convolve(across, kernel, width, height, 1, width) }
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

/** One pass along lines of `length` pixels `step` apart; the lines start `stride` apart. */
function convolve(
  pixels: Float32Array,
  kernel: Float64Array,
  lines: number,
  length: number,
  stride: number,
  step: number,
): Float32Array {
  const radius = (kernel.length - 1) / 2
  const result = new Float32Array(pixels.length)
  const line = new Float64Array(length + 2 * radius)
  for (let number = 0; number < lines; number++) {
    const start = number * stride
    for (let index = 0; index < length; index++) line[index + radius] = pixels[start + index * step]!
    for (let beyond = 1; beyond <= radius; beyond++) {
      line[radius - beyond] = pixels[start + mirrored(-beyond, length) * step]!
      line[radius + length + beyond - 1] = pixels[start + mirrored(length + beyond - 1, length) * step]!
    }
    for (let index = 0; index < length; index++) {
      let sum = kernel[radius]! * line[index + radius]!
      for (let tap = 0; tap < radius; tap++)
        sum += kernel[tap]! * (line[index + tap]! + line[index + 2 * radius - tap]!)
      result[start + index * step] = sum
    }
  }
  return result
}

/** ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ... */
function mirrored(index: number, length: number): number {
  const period = 2 * length
  const place = ((index % period) + period) % period
  return place < length ? place : period - 1 - place
}
