import type { Motion } from './motion.ts'

export type Site = 'tibia' | 'radius'
export type Side = 'left' | 'right'

/** Everything that a scan follows from. Plain data: it crosses to the worker threads, and the same spec gives the same bytes. */
export type ScanSpec = {
  /** Unique in its study, e.g. `P007-1-tibia-left`. */
  id: string
  /** Study seed; anatomy depends on it, the patient, site and side; positioning and noise on it and the id. */
  seed: string
  /** 1-based. */
  patientIndex: number
  /** 1-based within the patient. */
  measurementIndex: number
  site: Site
  side: Side
  /** Rows and columns of a slice, 64-1024. */
  size: number
  /**
   * Width of a voxel in mm, e.g. the scanner's 0.082 or 0.061: the slice is then a window about the main bone, cut from the
   * reconstruction of the whole limb. Left out, the slice is the whole field of view.
   */
  voxel?: number
  /** Slices of the stack, 1-512. */
  slices: number
  /** Views over 180 degrees. */
  views: number
  motion: Motion
}

/** A finished scan's voxels. Native units as Scanco's: 1/cm times muScaling. */
export type SimulatedVolume = {
  /** x fastest, then y, then z. */
  voxels: Int16Array
  dims: [number, number, number]
  /** mm. */
  spacing: [number, number, number]
}

/**
 * The three parallel views that the motion estimate of Sode 2011 compares: at 0, 0.24 and 180 degrees, as line integrals
 * (no unit), `rows` slices by `columns` detector bins, view by view, each as it was measured (noise included).
 */
export type MotionViews = { angles: [number, number, number]; rows: number; columns: number; data: Float32Array }

export type SimulatedSlices = { volume: SimulatedVolume; motionViews: MotionViews }
