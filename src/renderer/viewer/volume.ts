/** A loaded scan as the viewer holds it. Voxels stay as stored; `value = voxel * slope + intercept` in `unit`. */

export type VoxelType = 'int16' | 'uint16' | 'uint8' | 'float32'
export type Voxels =
  Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>
export type Triple = [number, number, number]
/** Stored values below which 0.5, 5, 50, 95 and 99.5 percent of the voxels lie. */
export type Percentiles = [number, number, number, number, number]

/** What stands before the voxels in the stream (scan://volume/<id>). */
export interface VolumeHeader {
  /** Columns, rows, slices. */
  dims: Triple
  /** 3: red, green, blue interleaved. */
  components: 1 | 3
  type: VoxelType
  slope: number
  intercept: number
  /** Millimetres; null where the file does not say. */
  spacing: Triple | null
  /** Nine numbers row by row; the columns are the axes' directions in LPS (left, posterior, superior). */
  direction: number[] | null
  /** Whether the file itself says how the patient lies. Without it no side is marked. */
  oriented: boolean
  unit: string
  /** The file says that its smallest value is white (MONOCHROME1): bright and dark change places, values do not. */
  minIsWhite?: boolean
  /** Smallest and largest finite value (after rescale); null where there is none. */
  min: number | null
  max: number | null
  /** Null where the volume was imported by a version that did not count them. */
  percentiles?: Percentiles | null
  warnings: string[]
}

/** One slice made small, in stored values, for the contact sheet. */
export interface Thumbnail {
  slice: number
  width: number
  height: number
  components: 1 | 3
  values: Float32Array<ArrayBuffer>
}

export interface LoadedVolume {
  scanId: string
  header: VolumeHeader
  voxels: Voxels
  thumbnails: Thumbnail[]
  percentiles: Percentiles
}

/** One slice of a scan that is still on its way: what there is to see until all of it is here. */
export interface EarlySlice {
  scanId: string
  header: VolumeHeader
  /** 0-based. */
  slice: number
  /** Of this slice alone. */
  voxels: Voxels
  percentiles: Percentiles
}
/** What can be drawn of a scan now. */
export type Shown = LoadedVolume | EarlySlice
export const isEarly = (shown: Shown): shown is EarlySlice => 'slice' in shown

export const bytesPerVoxel: Record<VoxelType, number> = { int16: 2, uint16: 2, uint8: 1, float32: 4 }

/** Voxels times components. */
export function sampleCount(header: Pick<VolumeHeader, 'dims' | 'components'>): number {
  return header.dims[0] * header.dims[1] * header.dims[2] * header.components
}

/** A view of bytes (little endian, as is every machine Electron runs on) as voxels; offset and length in bytes. */
export function asVoxels(type: VoxelType, buffer: ArrayBuffer): Voxels {
  switch (type) {
    case 'int16':
      return new Int16Array(buffer)
    case 'uint16':
      return new Uint16Array(buffer)
    case 'uint8':
      return new Uint8Array(buffer)
    case 'float32':
      return new Float32Array(buffer)
  }
}

/** Spacing for drawing: where the file gives none, voxels are drawn as squares. */
export function drawnSpacing(header: Pick<VolumeHeader, 'spacing'>): Triple {
  return header.spacing ?? [1, 1, 1]
}
