import type { MotionEstimate } from '../domain/qme.ts'
import type { CachedHeader } from './cache.ts'
import type { Triple, VolumeFormat, VolumeHeader, VolumeMeta } from './volume.ts'

/** What becomes one volume: one file, the slices of a series, or the pictures of a stack. */
export interface Source {
  /** The file or folder a person would name. */
  path: string
  /** Short name for lists: the file's name, or the folder's with the series where it has several. */
  label: string
  format: VolumeFormat
  /** Every file of it, absolute. */
  files: string[]
  seriesInstanceUID?: string
  /** The projections of the same measurement, where they lie beside it. */
  projections?: string
}

/** A failure as it crosses between processes. */
export interface Failure {
  code: string
  message: string
}

export interface InspectOptions {
  /** Voxels whose values are wanted. */
  at: Triple[]
  digest: boolean
  /** Where the float32 little-endian values go, if anywhere. */
  dataPath: string | null
}

/** What inspecting a source tells: the header, what its values are like, and what was asked for. */
export interface Inspected {
  header: VolumeHeader
  min: number | null
  max: number | null
  mean: number | null
  notFinite: number
  values: { at: Triple; value: number | null | (number | null)[]; reason?: string }[]
  sha256: string | null
  data: string | null
}

export interface DecodedVolume {
  cachePath: string
  header: CachedHeader
  /** Identity included: never stored as it is. */
  meta: VolumeMeta
}

/** The motion estimate of a file of projections, and what the file was. */
export type EstimatedMotion = MotionEstimate & { format: 'npy' | 'rsq' }

/** From the host to the decoder. */
export type Request = { id: number } & (
  | { kind: 'discover'; paths: string[] }
  | { kind: 'inspect'; source: Source; options: InspectOptions; maxBytes: number }
  | { kind: 'decodeToCache'; source: Source; folder: string; maxBytes: number }
  | { kind: 'estimateMotion'; path: string }
)

/** From the decoder to the host. */
export type Reply =
  | { id: number; kind: 'progress'; files: number }
  | { id: number; kind: 'done'; result: unknown }
  | { id: number; kind: 'failed'; error: Failure }

/** What discovery sends back: errors as plain values. */
export interface Discovered {
  sources: Source[]
  refused: { path: string; error: Failure }[]
}
