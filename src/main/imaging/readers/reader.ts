import type { ReadLimits } from '../limits.ts'
import type { Volume, VolumeFormat } from '../volume.ts'

/** How many first bytes of a file decide its format. */
export const HEAD_BYTES = 1024

/** One file format: add a file beside this one and a line in index.ts. */
export interface Reader {
  format: VolumeFormat
  /** Whether a file is of this format, from its first HEAD_BYTES bytes (inflated where gzipped) and its name. */
  matches(head: Buffer, name: string): boolean
  /** True for formats whose files in one folder are slices of one volume (pictures). */
  stacks?: boolean
  /** Decodes one volume. `files`: one path, or the slices of one stack. Throws ConcordError for every bad file. */
  read(files: string[], limits: ReadLimits): Promise<Volume>
}
