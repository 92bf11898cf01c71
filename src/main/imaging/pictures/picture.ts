import type { ReadLimits } from '../limits.ts'
import type { Voxels } from '../volume.ts'

/** One decoded picture; samples row by row, red-green-blue interleaved where components is 3. */
export interface Picture {
  width: number
  height: number
  components: 1 | 3
  samples: Voxels
  /** As in the file, e.g. uint16. */
  pixelType: string
  /** Its lowest values are meant white. */
  minIsWhite?: true
  /** Millimetres between pixels across and down, where the file says. */
  pixelSize?: [number, number]
  /** Millimetres between slices, where the file says. */
  sliceStep?: number
  warnings: string[]
}

/** Decodes the pictures of one file; throws ConcordError. */
export type PictureDecoder = (path: string, bytes: Buffer, limits: ReadLimits) => Picture[] | Promise<Picture[]>
