import { createHash } from 'node:crypto'
import type { Volume, Voxels } from './volume.ts'

export interface VolumeStatistics {
  /** Of the finite values, after rescale; null where there is none. */
  min: number | null
  max: number | null
  mean: number | null
  /** How many samples are NaN or infinite. */
  notFinite: number
  /** Stored values (before rescale) below which the shares `percentilesAt` of the samples lie; of floats, of a sample of them. */
  percentiles: number[]
}

/** What the window presets of values without a known unit go by. */
const percentilesAt = [0.005, 0.05, 0.5, 0.95, 0.995] as const

/** Samples turned into float32 at a time: 4 MB, small beside any volume. */
const CHUNK = 1 << 20

/** Smallest, largest and mean value after rescale (double precision), in one pass. */
export function statisticsOf(volume: Volume): VolumeStatistics {
  const { voxels, slope, intercept } = volume
  let low = Infinity
  let high = -Infinity
  let sum = 0
  let count = 0
  let percentiles: number[]
  if (voxels instanceof Float32Array) {
    percentiles = sampledPercentiles(voxels)
    for (const v of voxels) {
      if (!Number.isFinite(v)) continue
      if (v < low) low = v
      if (v > high) high = v
      sum += v
      count++
    }
  } else {
    const counts = histogram(voxels)
    const offset = lowest(voxels)
    percentiles = countedPercentiles(counts, voxels.length, offset)
    counts.forEach((n, i) => {
      if (n === 0) return
      const v = i + offset
      if (v < low) low = v
      if (v > high) high = v
      sum += n * v
    })
    count = voxels.length
  }
  if (count === 0) return { min: null, max: null, mean: null, notFinite: voxels.length, percentiles }
  const ends = [low * slope + intercept, high * slope + intercept]
  return {
    min: Math.min(...ends),
    max: Math.max(...ends),
    mean: (sum / count) * slope + intercept,
    notFinite: voxels.length - count,
    percentiles,
  }
}

function countedPercentiles(counts: Float64Array, total: number, offset: number): number[] {
  let seen = 0
  let value = -1
  return percentilesAt.map((share) => {
    const rank = Math.min(total - 1, Math.floor(share * total))
    while (seen <= rank) seen += counts[++value] as number
    return value + offset
  })
}

function sampledPercentiles(voxels: Float32Array): number[] {
  // An odd step does not fall into step with the columns of an image.
  const step = Math.max(1, Math.floor(voxels.length / 50_000)) | 1
  const sample: number[] = []
  for (let i = 0; i < voxels.length; i += step) if (Number.isFinite(voxels[i])) sample.push(voxels[i] as number)
  sample.sort((a, b) => a - b)
  return percentilesAt.map((share) => sample[Math.min(sample.length - 1, Math.floor(share * sample.length))] ?? 0)
}

/** The values after rescale as little-endian float32, a chunk at a time; the chunk is reused between steps. */
export function* float32Chunks(volume: Volume): Generator<Uint8Array> {
  const { voxels, slope, intercept } = volume
  const plain = slope === 1 && intercept === 0
  const chunk = new Float32Array(Math.min(CHUNK, voxels.length))
  // Eight and sixteen bits have at most 65 536 different values: look them up instead of computing each.
  const offset = voxels instanceof Float32Array ? 0 : lowest(voxels)
  const table = voxels instanceof Float32Array || plain ? null : lookup(voxels, slope, intercept)
  for (let start = 0; start < voxels.length; start += CHUNK) {
    const n = Math.min(CHUNK, voxels.length - start)
    if (plain) chunk.set(voxels.subarray(start, start + n))
    else if (table) for (let i = 0; i < n; i++) chunk[i] = table[(voxels[start + i] as number) - offset] as number
    else for (let i = 0; i < n; i++) chunk[i] = (voxels[start + i] as number) * slope + intercept
    yield new Uint8Array(chunk.buffer, 0, n * 4)
  }
}

/** Hex SHA-256 of the float32 little-endian values, x fastest: two files with the same content give the same digest. */
export function sha256OfValues(volume: Volume): string {
  const hash = createHash('sha256')
  for (const bytes of float32Chunks(volume)) hash.update(bytes)
  return hash.digest('hex')
}

function lowest(voxels: Exclude<Voxels, Float32Array>): number {
  return voxels instanceof Int16Array ? -32768 : 0
}

function histogram(voxels: Exclude<Voxels, Float32Array>): Float64Array {
  const counts = new Float64Array(voxels.BYTES_PER_ELEMENT === 1 ? 256 : 65536)
  const offset = lowest(voxels)
  for (let i = 0; i < voxels.length; i++) (counts[(voxels[i] as number) - offset] as number)++
  return counts
}

function lookup(voxels: Exclude<Voxels, Float32Array>, slope: number, intercept: number): Float32Array {
  const offset = lowest(voxels)
  return Float32Array.from(
    { length: voxels.BYTES_PER_ELEMENT === 1 ? 256 : 65536 },
    (_, i) => (i + offset) * slope + intercept,
  )
}
