import { basename } from 'node:path'
import { ConcordError } from '../domain/error.ts'

/** What one decode may use. */
export interface ReadLimits {
  /** Bytes of decoded voxels of one volume. */
  maxBytes: number
}

/** Electron's V8 cannot allocate a block of 2 GiB or more; a stitched 1536 x 1536 x 400 scan (1.9 GB) still fits. */
export const defaultLimits: ReadLimits = { maxBytes: 2_000_000_000 }

/** Deflate cannot shrink data by more than this factor (1032:1, zlib technical details). */
const DEFLATE_MAX_RATIO = 1032

/** Thrown for a file that cannot become a volume; `path` is named by its last part only, for messages leave the program. */
export function badFile(code: string, path: string, sentence: string): ConcordError {
  return new ConcordError(code, `${basename(path)} ${sentence}`)
}

/** Checks a declared size against what the file can hold, before anything is allocated. */
export function checkDeclared(
  path: string,
  declaredBytes: number,
  availableBytes: number,
  limits: ReadLimits,
  compressed = false,
): void {
  const most = compressed ? availableBytes * DEFLATE_MAX_RATIO + 1024 : availableBytes
  if (!Number.isFinite(declaredBytes) || declaredBytes <= 0) {
    throw badFile('header-lies', path, 'declares a size that is not possible. Export it again.')
  }
  if (declaredBytes > most) {
    const text = `declares ${bytes(declaredBytes)} of image data but holds ${bytes(availableBytes)}.`
    if (compressed || declaredBytes > 16 * Math.max(availableBytes, 1)) {
      throw badFile('header-lies', path, `${text} Its header is wrong; export it again.`)
    }
    throw badFile('file-truncated', path, `${text} It ends early; copy it again.`)
  }
  if (declaredBytes > limits.maxBytes) {
    const most = bytes(limits.maxBytes)
    throw badFile(
      'too-large',
      path,
      `needs ${bytes(declaredBytes)} in memory, more than the ${most} allowed for one scan.`,
    )
  }
}

function bytes(n: number): string {
  if (n < 1000) return `${n} bytes`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = n
  let unit = 'bytes'
  for (const next of units) {
    if (value < 1000) break
    value /= 1000
    unit = next
  }
  return `${Number(value.toPrecision(3))} ${unit}`
}
