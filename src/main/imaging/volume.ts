/** The file formats a volume can come from. */
export type VolumeFormat = 'dicom' | 'isq' | 'aim' | 'nifti' | 'nrrd' | 'mha' | 'tiff' | 'png' | 'jpeg'

/** How voxels are kept: 8 or 16 bits as stored, everything wider as 32-bit floats. */
export type Voxels = Int16Array | Uint16Array | Uint8Array | Float32Array

export type Triple = [number, number, number]

/** What a file says of its subject. Identity leaves this process only for the import service to pseudonymise. */
export interface VolumeMeta {
  patientName?: string
  patientId?: string
  /** Tells one patient from another inside one source (DICOM: issuer and ID; Scanco: scanner and patient index). */
  patientKey: string
  /** YYYY-MM-DD, or with a time YYYY-MM-DDTHH:MM:SS.mmm (the scanner's own clock, no zone). */
  studyDate?: string
  site?: string
  side?: 'left' | 'right'
  studyInstanceUID?: string
  seriesInstanceUID?: string
  description?: string
  measurement?: string
}

/** A volume without its voxels. */
export interface VolumeHeader {
  format: VolumeFormat
  /** Columns, rows, slices. */
  dims: Triple
  /** 3: red, green, blue interleaved. */
  components: 1 | 3
  /** Millimetres between voxel centres along each axis; null where the file does not say. */
  spacing: Triple | null
  /** Centre of the first voxel, mm, LPS (DICOM PS3.3 C.7.6.2.1.1). */
  origin: Triple
  /** Row by row of the 3 x 3 matrix whose columns are the axes' unit vectors, LPS, as in ITK. */
  direction: number[]
  /** Whether direction and origin are the patient's; false: the file does not say, the axes are its own. */
  oriented: boolean
  /** The type in the file, e.g. int16; may be wider than the voxels' array. */
  pixelType: string
  /** What a value (not a stored voxel) is measured in. */
  unit: string
  /** The smallest value is meant to be white (DICOM MONOCHROME1, PS3.3 C.7.6.3.1.2); values are as stored all the same. */
  minIsWhite?: true
  /** value = voxel * slope + intercept */
  slope: number
  intercept: number
  /** Sentences on what was assumed or looks wrong; they stay with the scan. */
  warnings: string[]
  meta: VolumeMeta
}

/** A decoded volume; voxels as stored, x fastest, in the file's order (a DICOM series sorted along its normal). */
export interface Volume extends VolumeHeader {
  voxels: Voxels
}

export const identityDirection = (): number[] => [1, 0, 0, 0, 1, 0, 0, 0, 1]

/** Voxels times components. */
export function sampleCount(header: Pick<VolumeHeader, 'dims' | 'components'>): number {
  return header.dims[0] * header.dims[1] * header.dims[2] * header.components
}

/** The same volume without its voxels. */
export function headerOf(volume: Volume): VolumeHeader {
  const { voxels: _voxels, ...header } = volume
  return header
}

/** The value (after rescale) at a voxel; three values for a colour volume; null outside the volume. */
export function valueAt(volume: Volume, at: Triple): number | Triple | null {
  const [x, y, z] = at
  const [nx, ny, nz] = volume.dims
  if (![x, y, z].every(Number.isInteger) || x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return null
  const index = ((z * ny + y) * nx + x) * volume.components
  const value = (offset: number) => (volume.voxels[index + offset] as number) * volume.slope + volume.intercept
  return volume.components === 1 ? value(0) : [value(0), value(1), value(2)]
}
