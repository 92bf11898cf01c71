import type { PlaneImage } from './plane.ts'
import type { Triple, VolumeHeader } from './volume.ts'

/** A line in one plane, from voxel to voxel (fractions allowed). */
export interface Line {
  from: Triple
  to: Triple
}

/** Millimetres between two voxels; null where the file gives no spacing. */
export function lengthOf({ from, to }: Line, spacing: VolumeHeader['spacing']): number | null {
  if (!spacing) return null
  return Math.hypot(...from.map((value, i) => (value - to[i]!) * spacing[i]!))
}

/** Voxels between two voxels, for scans without spacing. */
export function stepsOf({ from, to }: Line): number {
  return Math.hypot(...from.map((value, i) => value - to[i]!))
}

type Place = readonly [column: number, row: number]

/**
 * Values (after rescale) along a line in a plane, one a voxel of its length and both ends, interpolated linearly between
 * the four neighbours. A place outside the plane takes the value at its edge; what is not a number is null. Of a colour
 * picture the mean of the three.
 */
export function profileOf(
  image: PlaneImage,
  { slope, intercept }: Pick<VolumeHeader, 'slope' | 'intercept'>,
  from: Place,
  to: Place,
): (number | null)[] {
  const { width, height, values, components } = image
  const stored = (column: number, row: number): number => {
    const at = (row * width + column) * components
    return components === 1 ? values[at]! : (values[at]! + values[at + 1]! + values[at + 2]!) / 3
  }
  const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1])))
  return Array.from({ length: steps + 1 }, (_, i) => {
    const x = Math.min(width - 1, Math.max(0, from[0] + ((to[0] - from[0]) * i) / steps))
    const y = Math.min(height - 1, Math.max(0, from[1] + ((to[1] - from[1]) * i) / steps))
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)]
    const [fx, fy] = [x - left, y - top]
    const above = stored(left, top) * (1 - fx) + stored(right, top) * fx
    const below = stored(left, bottom) * (1 - fx) + stored(right, bottom) * fx
    const value = (above * (1 - fy) + below * fy) * slope + intercept
    return Number.isFinite(value) ? value : null
  })
}

export interface Histogram {
  /** Values (after rescale) at the left edge of the first and the right edge of the last bin. */
  low: number
  high: number
  counts: number[]
  /** Of the finite values; null where there is none. */
  mean: number | null
  /** Standard deviation of the values themselves (divided by n). */
  sd: number | null
}

/** How often each value occurs in a plane, in `bins` equal parts from `low` to `high`; values beyond count in the outer bins. */
export function histogramOf(
  image: PlaneImage,
  { slope, intercept }: Pick<VolumeHeader, 'slope' | 'intercept'>,
  low: number,
  high: number,
  bins: number,
): Histogram {
  const counts = new Array<number>(bins).fill(0)
  const scale = high > low ? bins / (high - low) : 0
  let n = 0
  let mean = 0
  let squares = 0
  for (const stored of image.values) {
    const value = stored * slope + intercept
    if (!Number.isFinite(value)) continue
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) * scale)))
    counts[bin] = counts[bin]! + 1
    // Welford 1962: exact also where the spread is small beside the mean.
    n++
    const delta = value - mean
    mean += delta / n
    squares += delta * (value - mean)
  }
  return { low, high, counts, mean: n > 0 ? mean : null, sd: n > 0 ? Math.sqrt(squares / n) : null }
}
