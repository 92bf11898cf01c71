import { regionEdgeMm, regionPixels } from '../../preload/contract/regions.ts'
import type { PlaneImage } from '../viewer/plane.ts'
import type { Triple } from '../viewer/volume.ts'

/** A square in pixels of the radiograph; the middle of its first pixel is (0, 0). */
export interface Square {
  x: number
  y: number
  edge: number
}
export type Middle = readonly [x: number, y: number]

/** Edge in pixels of the region, by millimetres a pixel. */
export const edgeOf = (spacing: number): number => regionEdgeMm / spacing

/** Whether a square of this edge lies on the picture at all. */
export const fitsOn = (edge: number, dims: Readonly<Triple>): boolean => edge <= Math.min(dims[0], dims[1])

/** The nearest middle with which the whole square lies on the picture. */
export function clamped([x, y]: Middle, edge: number, dims: Readonly<Triple>): Middle {
  const within = (value: number, length: number): number =>
    Math.min(length - 0.5 - edge / 2, Math.max(edge / 2 - 0.5, value))
  return [within(x, dims[0]), within(y, dims[1])]
}

/** Where a region lies, in shares of the picture, so that the next heel of the same side begins there and of the other its mirror. */
export interface Habit {
  across: number
  down: number
  side: string
}

export function beginning(dims: Readonly<Triple>, side: string, habit: Habit | null): Middle {
  if (!habit) return [(dims[0] - 1) / 2, (dims[1] - 1) / 2]
  const other = side !== habit.side && side !== 'unknown' && habit.side !== 'unknown'
  const across = other ? 1 - habit.across : habit.across
  return [Math.round(across * dims[0] - 0.5), Math.round(habit.down * dims[1] - 0.5)]
}

/** ITU-R BT.601, as networks see a colour picture. */
const luminance = [0.299, 0.587, 0.114] as const

/**
 * The region as `size` x `size` stored values, resampled as the main process does it for a network (src/main/domain/roi.ts; a test
 * holds the two together): n x n samples a new pixel, each between its four neighbours linearly.
 */
export function cutSquare(image: PlaneImage, square: Square, size = regionPixels): Float32Array {
  const { width, height, values, components } = image
  const step = square.edge / size
  const samples = Math.max(1, Math.round(step))
  const along = (start: number, length: number) =>
    Array.from({ length: size * samples }, (_, index) => {
      const place = Math.min(length - 1, Math.max(0, start + ((index + 0.5) * step) / samples))
      const low = Math.floor(place)
      return { low, high: Math.min(length - 1, low + 1), share: place - low }
    })
  const rows = along(square.y - square.edge / 2, height)
  const columns = along(square.x - square.edge / 2, width)
  const at = (row: number, column: number): number => {
    const i = (row * width + column) * components
    if (components === 1) return values[i]!
    return luminance[0] * values[i]! + luminance[1] * values[i + 1]! + luminance[2] * values[i + 2]!
  }
  const result = new Float32Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0
      for (let a = row * samples; a < (row + 1) * samples; a++) {
        const { low: top, high: bottom, share: down } = rows[a]!
        for (let b = column * samples; b < (column + 1) * samples; b++) {
          const { low: left, high: right, share: across } = columns[b]!
          const above = at(top, left) * (1 - across) + at(top, right) * across
          const below = at(bottom, left) * (1 - across) + at(bottom, right) * across
          sum += above * (1 - down) + below * down
        }
      }
      result[row * size + column] = sum / (samples * samples)
    }
  }
  return result
}
