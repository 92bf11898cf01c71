import type { Thumbnail, VolumeHeader, Voxels } from './volume.ts'

/** As many slices as the network looks at (Walle et al. 2023 use eight equally spaced ones). */
const SHEET_SLICES = 8

/**
 * The middles of `count` equal parts of a stack of `slices`: floor((i + 0.5) * slices / count), i = 0 .. count - 1.
 * A stack with fewer slices than parts gives each of its slices once.
 */
export function contactSlices(slices: number, count = SHEET_SLICES): number[] {
  const chosen = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * slices) / count))
  return [...new Set(chosen)].filter((slice) => slice >= 0 && slice < slices)
}

/** Which part of the stack a slice lies in: the index of the entry of `contactSlices` that stands for it. */
export function nearestSheetIndex(sheet: readonly number[], slice: number): number {
  let best = 0
  sheet.forEach((candidate, i) => {
    if (Math.abs(candidate - slice) < Math.abs((sheet[best] ?? 0) - slice)) best = i
  })
  return best
}

/** A slice averaged over square blocks until neither side is longer than `longest` pixels; stored values. */
export function thumbnailOf(
  voxels: Voxels,
  header: Pick<VolumeHeader, 'dims' | 'components'>,
  slice: number,
  longest: number,
): Thumbnail {
  const [columns, rows] = header.dims
  const n = header.components
  const block = Math.max(1, Math.ceil(Math.max(columns, rows) / longest))
  const width = Math.ceil(columns / block)
  const height = Math.ceil(rows / block)
  const values = new Float32Array(width * height * n)
  const counts = new Float32Array(width * height)
  const start = slice * columns * rows * n
  for (let y = 0; y < rows; y++) {
    const line = Math.floor(y / block) * width
    for (let x = 0; x < columns; x++) {
      const target = line + Math.floor(x / block)
      const source = start + (y * columns + x) * n
      counts[target] = counts[target]! + 1
      for (let c = 0; c < n; c++) values[target * n + c] = values[target * n + c]! + voxels[source + c]!
    }
  }
  for (let i = 0; i < counts.length; i++)
    for (let c = 0; c < n; c++) values[i * n + c] = values[i * n + c]! / counts[i]!
  return { slice, width, height, components: n, values }
}
