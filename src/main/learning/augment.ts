import { normalQuantile } from '../domain/distributions.ts'
import type { Random } from '../domain/random.ts'

/**
 * Changes that leave a motion grade what it is, applied to training slices alone, after the split.
 *
 * - The eight symmetries of the square: flips and quarter turns. The grade says how strong the streaks are, not where
 *   they point: motion can happen at any angle of the scan and a limb lies in the gantry either way round, so a
 *   turned slice is as possible as the one that was measured. Quarter turns move pixels without interpolating; a turn
 *   by another angle blurs, and blur is itself a sign of motion.
 * - Slight Gaussian noise (thesis, ch. 3: "so small, that the image still looks the same way to a human").
 */
const noiseDeviation = 0.01

/** An augmenter: writes one changed copy of a slice (size x size, 0..1, row by row) into `target` from `offset` on. */
export type Augment = (slice: Float32Array, size: number, random: Random, target: Float32Array, offset: number) => void

export function augmenter(): Augment {
  // Sixteen random bits pick a quantile: two normal deviates from each 32-bit draw, several times faster than the
  // polar method on the two million pixels of a step.
  const noise = Float32Array.from({ length: 0x1_0000 }, (_, i) => noiseDeviation * normalQuantile((i + 0.5) / 0x1_0000))
  return (slice, size, random, target, offset) => {
    place(slice, size, random.integer(8), target, offset)
    const end = offset + size * size
    for (let index = offset; index < end; index += 2) {
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
