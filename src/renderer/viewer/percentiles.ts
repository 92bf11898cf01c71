import type { Voxels } from './volume.ts'

const SAMPLES = 50_000

/** Stored values at the given fractions (0..1) of about 50 000 equally spaced samples; zeros where there is no finite one. */
export function percentilesOf(voxels: Voxels, fractions: readonly number[]): number[] {
  // An odd step does not fall into step with the columns of an image.
  const step = Math.max(1, Math.floor(voxels.length / SAMPLES)) | 1
  const sample: number[] = []
  for (let i = 0; i < voxels.length; i += step) {
    const value = voxels[i]!
    if (Number.isFinite(value)) sample.push(value)
  }
  const sorted = Float64Array.from(sample).sort()
  return fractions.map((f) => sorted[Math.min(sorted.length - 1, Math.floor(f * sorted.length))] ?? 0)
}

/** Replaces NaN and infinities by the smallest finite value, so that they draw as black; returns how many there were. */
export function blackenNotFinite(voxels: Voxels): number {
  if (!(voxels instanceof Float32Array)) return 0
  let least = Infinity
  for (const value of voxels) if (value < least && value !== -Infinity) least = value
  if (least === Infinity) least = 0
  let replaced = 0
  for (let i = 0; i < voxels.length; i++) {
    if (Number.isFinite(voxels[i])) continue
    voxels[i] = least
    replaced++
  }
  return replaced
}
