import { ConcordError } from './error.ts'

/**
 * The square region of interest of a radiograph: 1.6 x 1.6 cm of the calcaneus, resampled to 400 x 400 pixels (2021
 * paper, section 2.1; Lespessailles 2008).
 */
export const roiDefaults = { edgeMm: 16, edgePixels: 400 }

export interface Roi {
  /** Middle of the square in pixels of the radiograph; the middle of its first pixel is (0, 0). */
  x: number
  y: number
  /** Edge in pixels of the radiograph. */
  edge: number
}

/**
 * Edge in pixels of a square of `edgeMm`.
 * @param spacing Millimetres a pixel across and down; null where the radiograph does not say.
 * @throws ConcordError `roi-no-spacing`, `roi-uneven-spacing`.
 */
export function roiEdge(spacing: readonly [number, number] | null, edgeMm = roiDefaults.edgeMm): number {
  if (!spacing) {
    throw new ConcordError(
      'roi-no-spacing',
      'The radiograph does not say how large a pixel is: give the size of a pixel in mm, or the edge of the region in pixels.',
    )
  }
  const [across, down] = spacing
  if (Math.abs(across - down) > 0.01 * across) {
    throw new ConcordError('roi-uneven-spacing', 'The pixels of the radiograph are not square: resample it first.')
  }
  return edgeMm / across
}

/**
 * The region, if all of it lies on a picture of this size. Errors: `roi-outside`, `roi-too-large`.
 * A hundredth of a pixel is allowed for: places go through text.
 */
export function requireInside(roi: Roi, width: number, height: number): Roi {
  const inside = roiInside(roi, width, height)
  if (Math.abs(inside.x - roi.x) > 0.01 || Math.abs(inside.y - roi.y) > 0.01) throw outside()
  return inside
}

/** One region in place of several on the same picture: the mean of their middles and edges. */
export function meanRoi(regions: readonly Roi[]): Roi {
  const mean = (value: (roi: Roi) => number): number =>
    regions.reduce((sum, roi) => sum + value(roi), 0) / regions.length
  return { x: mean((roi) => roi.x), y: mean((roi) => roi.y), edge: mean((roi) => roi.edge) }
}

/** The nearest place where the whole square lies on a picture of this size. Error: `roi-too-large`. */
export function roiInside(roi: Roi, width: number, height: number): Roi {
  if (roi.edge > Math.min(width, height)) {
    throw new ConcordError(
      'roi-too-large',
      `A region of ${Math.round(roi.edge)} pixels does not fit on a radiograph of ${width} x ${height}: check the size of its pixels.`,
    )
  }
  const half = roi.edge / 2
  const within = (value: number, length: number): number => Math.min(length - 0.5 - half, Math.max(half - 0.5, value))
  return { ...roi, x: within(roi.x, width), y: within(roi.y, height) }
}

/**
 * The region as `size` x `size` values, row by row. Convention: pixels are squares, the middle of the first one is (0, 0), the
 * region's left border lies at x - edge / 2; a new pixel is the mean of n x n samples evenly spaced over its area, n being the old
 * pixels it covers along an edge, rounded (1 at least), and each sample lies linearly between the middles of the four old
 * pixels around it. With n = 1 this is SciPy's `map_coordinates(order=1, mode='nearest')` at the new pixels' middles and, on a
 * region that ends between pixels, `resize(order=1, mode='edge', anti_aliasing=False)` of scikit-image.
 * Error: `roi-outside` where the square reaches over the edge.
 */
export function cutRoi(
  picture: { width: number; height: number; pixels: ArrayLike<number> },
  roi: Roi,
  size = roiDefaults.edgePixels,
): Float32Array {
  const { width, height, pixels } = picture
  const half = roi.edge / 2
  const fits = (value: number, length: number): boolean => value - half >= -0.501 && value + half <= length - 0.499
  if (!fits(roi.x, width) || !fits(roi.y, height)) throw outside()
  const step = roi.edge / size
  // As many samples a new pixel as old ones fit into it.
  const samples = Math.max(1, Math.round(step))
  const rows = stops(roi.y - half, step, size, samples, height)
  const columns = stops(roi.x - half, step, size, samples, width)
  const result = new Float32Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0
      for (let a = row * samples; a < (row + 1) * samples; a++) {
        const { low: top, high: bottom, share: down } = rows[a]!
        for (let b = column * samples; b < (column + 1) * samples; b++) {
          const { low: left, high: right, share: across } = columns[b]!
          const above = pixels[top * width + left]! * (1 - across) + pixels[top * width + right]! * across
          const below = pixels[bottom * width + left]! * (1 - across) + pixels[bottom * width + right]! * across
          sum += above * (1 - down) + below * down
        }
      }
      result[row * size + column] = sum / (samples * samples)
    }
  }
  return result
}

const outside = (): ConcordError =>
  new ConcordError('roi-outside', 'The region reaches over the edge of the radiograph: move it inside.')

interface Stop {
  low: number
  high: number
  share: number
}

/** Where samples lie along an axis, between which old pixels; `start` is the square's border. */
function stops(start: number, step: number, size: number, samples: number, length: number): Stop[] {
  return Array.from({ length: size * samples }, (_, index) => {
    const place = Math.min(length - 1, Math.max(0, start + ((index + 0.5) * step) / samples))
    const low = Math.floor(place)
    return { low, high: Math.min(length - 1, low + 1), share: place - low }
  })
}
