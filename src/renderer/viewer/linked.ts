import { carriedWindow, type WindowLevel } from './window-level.ts'
import type { Shown } from './volume.ts'

/** A scan that can be held beside another: an exemplar, or an earlier one of the same patient. */
export interface LinkedChoice {
  scanId: string
  /** What the reader may know of it. */
  label: string
  /** Heading over several that belong together. */
  group?: string
}

/**
 * The slice of another stack at the same part of its length: first beside first, last beside last. `offset` slices further,
 * where two scans do not begin at the same place of the bone.
 */
export function linkedSlice(slice: number, slices: number, otherSlices: number, offset = 0): number {
  const part = slices > 1 ? slice / (slices - 1) : 0.5
  return Math.min(otherSlices - 1, Math.max(0, Math.round(part * (otherSlices - 1)) + offset))
}

/** The same window: a preset means what it means for the other scan, values count where the unit is the same. */
export function linkedWindow(window: WindowLevel | null, unit: string, other: Pick<Shown, 'header' | 'percentiles'>) {
  return carriedWindow(window && { window, unit }, other)
}
