import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { writeWhole } from '../files/whole.ts'
import { emptySamples, sampleTypeOf, type StoredType } from './cache-types.ts'
import type { VolumeStatistics } from './statistics.ts'
import { headerOf, type Volume, type VolumeHeader, type Voxels } from './volume.ts'

/**
 * A decoded volume on the disk: 8 bytes of magic, the header's length (uint32, little endian), the header as JSON, zeros
 * up to a multiple of 16, then the voxels as stored (little endian, x fastest). Named by the SHA-256 of its values, so
 * the same pictures are kept once. The header holds nothing of the patient.
 */
const MAGIC = Buffer.from('CNCVOL1\0', 'latin1')
const EXTENSION = '.vol'

/** What a cached volume says of itself. */
export interface CachedHeader extends Omit<VolumeHeader, 'meta'> {
  type: StoredType
  min: number | null
  max: number | null
  mean: number | null
  /** Stored values below which 0.5, 5, 50, 95 and 99.5 percent of the voxels lie; volumes of an earlier version lack it. */
  percentiles?: readonly number[]
  /** Hex SHA-256 of the values as float32, see statistics.ts. */
  sha256: string
}

export function cachePathOf(folder: string, sha256: string): string {
  return join(folder, `${sha256}${EXTENSION}`)
}

/** Writes a volume whole or not at all; gives its path and header. A volume that is there already is left as it is. */
export async function writeCache(
  folder: string,
  volume: Volume,
  statistics: VolumeStatistics,
  sha256: string,
): Promise<{ cachePath: string; header: CachedHeader }> {
  const { meta: _identity, ...rest } = headerOf(volume)
  const { min, max, mean, percentiles } = statistics
  const header: CachedHeader = { ...rest, type: sampleTypeOf(volume.voxels), min, max, mean, percentiles, sha256 }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const start = Buffer.alloc(Math.ceil((MAGIC.length + 4 + json.length) / 16) * 16)
  MAGIC.copy(start)
  start.writeUInt32LE(json.length, MAGIC.length)
  json.copy(start, MAGIC.length + 4)

  const cachePath = cachePathOf(folder, sha256)
  const { voxels } = volume
  try {
    await writeWhole(cachePath, [start, new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength)])
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
    const what = full ? 'The disk is full' : `The scan could not be written (${(error as Error).message})`
    throw new ConcordError(full ? 'disk-full' : 'cache-unwritable', `${what}. Make room and try again.`)
  }
  return { cachePath, header }
}

/** The header of a cached volume, without its voxels. Error: `cache-damaged`. */
export async function readHeader(path: string): Promise<CachedHeader> {
  return withFile(path, async (file) => (await parseHeader(file)).header)
}

/**
 * The given slices (0 to dims[2] - 1) one after another, as stored; only those are read from the disk.
 * Errors: `cache-damaged`, `slice-unknown`.
 */
export async function readSlices(path: string, indices: readonly number[]): Promise<Voxels> {
  return withFile(path, async (file) => {
    const { header, dataOffset } = await parseHeader(file)
    const [nx, ny, nz] = header.dims
    const sliceSamples = nx * ny * header.components
    const samples = emptySamples(header.type, sliceSamples * indices.length)
    const bytes = new Uint8Array(samples.buffer)
    const sliceBytes = sliceSamples * samples.BYTES_PER_ELEMENT
    for (const [i, z] of indices.entries()) {
      if (!Number.isInteger(z) || z < 0 || z >= nz) {
        throw new ConcordError('slice-unknown', `The volume has slices 0 to ${nz - 1}, not ${z}.`)
      }
      const { bytesRead } = await file.read(bytes, i * sliceBytes, sliceBytes, dataOffset + z * sliceBytes)
      if (bytesRead !== sliceBytes) throw damaged()
    }
    return samples
  })
}

/** Slices of one request for a part. */
const MOST_SLICES = 16

/**
 * The start of the file with its header, then only the slices asked for, as stored: the first picture need not wait for
 * all. `middle`: slice floor(slices / 2). Errors: `cache-damaged`, `slice-unknown`.
 */
export async function readPart(path: string, wanted: 'middle' | readonly number[]): Promise<Buffer> {
  return withFile(path, async (file) => {
    const { header, dataOffset } = await parseHeader(file)
    const [nx, ny, nz] = header.dims
    const indices = wanted === 'middle' ? [Math.floor(nz / 2)] : wanted
    const known = indices.every((z) => Number.isInteger(z) && z >= 0 && z < nz)
    if (!known || indices.length < 1 || indices.length > MOST_SLICES)
      throw new ConcordError('slice-unknown', `The volume has slices 0 to ${nz - 1}, ${MOST_SLICES} at a time.`)
    const sliceBytes = nx * ny * header.components * emptySamples(header.type, 1).BYTES_PER_ELEMENT
    const part = Buffer.allocUnsafe(dataOffset + sliceBytes * indices.length)
    const places = [
      [0, 0, dataOffset],
      ...indices.map((z, i) => [dataOffset + i * sliceBytes, dataOffset + z * sliceBytes, sliceBytes]),
    ]
    for (const [at, from, length] of places as [number, number, number][]) {
      const { bytesRead } = await file.read(part, at, length, from)
      if (bytesRead !== length) throw damaged()
    }
    return part
  })
}

async function parseHeader(file: FileHandle): Promise<{ header: CachedHeader; dataOffset: number }> {
  const start = Buffer.alloc(MAGIC.length + 4)
  await file.read(start, 0, start.length, 0)
  const length = start.readUInt32LE(MAGIC.length)
  if (!start.subarray(0, MAGIC.length).equals(MAGIC) || length > 1 << 24) throw damaged()
  const json = Buffer.alloc(length)
  const { bytesRead } = await file.read(json, 0, length, start.length)
  if (bytesRead !== length) throw damaged()
  try {
    const header = JSON.parse(json.toString('utf8')) as CachedHeader
    return { header, dataOffset: Math.ceil((start.length + length) / 16) * 16 }
  } catch {
    throw damaged()
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch {
    throw new ConcordError('volume-missing', 'The pictures of this scan are missing on this machine. Import it again.')
  }
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

function damaged(): ConcordError {
  return new ConcordError('cache-damaged', 'The stored pictures of this scan are damaged. Import it again.')
}
