import { normalQuantile } from '../domain/distributions.ts'
import type { Random } from '../domain/random.ts'
import type { Augmentation } from './types.ts'

/**
 * Changes that leave a motion grade what it is, applied to training slices alone, after the split.
 *
 * - The eight symmetries of the square: flips and quarter turns. The grade says how strong the streaks are, not where
 *   they point: motion can happen at any angle of the scan and a limb lies in the gantry either way round, so a
 *   turned slice is as possible as the one that was measured. Quarter turns move pixels without interpolating.
 * - Turns by any angle (thesis, ch. 3: "a very common technique to augment data, is to rotate them"). They interpolate between
 *   pixels, which blurs, and blur is itself a sign of motion: not part of the usual recipe.
 * - Slight Gaussian noise (thesis, ch. 3: "so small, that the image still looks the same way to a human").
 * - Contrast and brightness, as another scanner or calibration would have them.
 */

/** Writes one changed copy of a slice (size x size, 0..1, row by row) into `target` from `offset` on. */
export type Augment = (slice: Float32Array, size: number, random: Random, target: Float32Array, offset: number) => void

/** @returns null where nothing is to be changed. */
export function augmenter({ flips, rotation, noise, intensity }: Augmentation): Augment | null {
  if (!flips && rotation === 0 && noise === 0 && intensity === 0) return null
  let turned = new Float32Array(0)
  const addNoise = noise > 0 ? gaussian(noise) : null
  return (slice, size, random, target, offset) => {
    const symmetry = flips ? random.integer(8) : 0
    if (rotation === 0) place(slice, size, symmetry, target, offset)
    else {
      if (turned.length !== size * size) turned = new Float32Array(size * size)
      place(slice, size, symmetry, turned, 0)
      rotate(turned, size, (2 * random.uniform() - 1) * rotation, target, offset)
    }
    const end = offset + size * size
    if (intensity > 0) {
      const contrast = 1 + (2 * random.uniform() - 1) * intensity
      const brightness = (2 * random.uniform() - 1) * intensity
      for (let index = offset; index < end; index++) target[index] = target[index]! * contrast + brightness
    }
    addNoise?.(random, target, offset, end)
  }
}

/**
 * Sixteen random bits pick a quantile: two normal deviates from each 32-bit draw, several times faster than the polar method
 * on the two million pixels of a step.
 */
function gaussian(deviation: number): (random: Random, target: Float32Array, from: number, end: number) => void {
  const noise = Float32Array.from({ length: 0x1_0000 }, (_, i) => deviation * normalQuantile((i + 0.5) / 0x1_0000))
  return (random, target, from, end) => {
    for (let index = from; index < end; index += 2) {
      const bits = (random.uniform() * 0x1_0000_0000) >>> 0
      target[index]! += noise[bits & 0xffff]!
      if (index + 1 < end) target[index + 1]! += noise[bits >>> 16]!
    }
  }
}

/** @param symmetry 0..7: bit 0 mirrors left and right, bit 1 top and bottom, bit 2 swaps rows and columns. */
export function place(slice: Float32Array, size: number, symmetry: number, target: Float32Array, offset: number): void {
  // Where the copy's first pixel comes from, and how far apart in the slice its neighbours to the right and below are.
  const last = size - 1
  const [stepX, stepY] = symmetry & 4 ? [size, 1] : [1, size]
  const [acrossX, acrossY] = [symmetry & 1 ? -stepX : stepX, symmetry & 2 ? -stepY : stepY]
  let row = (symmetry & 1 ? last * stepX : 0) + (symmetry & 2 ? last * stepY : 0)
  let to = offset
  for (let y = 0; y < size; y++, row += acrossY) {
    let from = row
    for (let x = 0; x < size; x++, from += acrossX) target[to++] = slice[from]!
  }
}

/**
 * Turns a slice about its middle, anticlockwise as seen (rows count downwards), linear between the four pixels around each
 * place it comes from; what comes from outside is 0, as the border of a fitted slice is.
 */
export function rotate(slice: Float32Array, size: number, degrees: number, target: Float32Array, offset: number): void {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const middle = (size - 1) / 2
  let to = offset
  for (let y = 0; y < size; y++) {
    let fromX = middle - middle * cos - (y - middle) * sin
    let fromY = middle - middle * sin + (y - middle) * cos
    for (let x = 0; x < size; x++, fromX += cos, fromY += sin) {
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)]
      if (left < -1 || top < -1 || left >= size || top >= size) {
        target[to++] = 0
        continue
      }
      const [partX, partY] = [fromX - left, fromY - top]
      const at = top * size + left
      const [inLeft, inRight] = [left >= 0, left < size - 1]
      const upper = top >= 0 ? (inLeft ? slice[at]! * (1 - partX) : 0) + (inRight ? slice[at + 1]! * partX : 0) : 0
      const lower =
        top < size - 1
          ? (inLeft ? slice[at + size]! * (1 - partX) : 0) + (inRight ? slice[at + size + 1]! * partX : 0)
          : 0
      target[to++] = upper * (1 - partY) + lower * partY
    }
  }
}
