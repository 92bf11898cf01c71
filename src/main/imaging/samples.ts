import type { ByteSource } from './bytes.ts'
import type { Voxels } from './volume.ts'

/** Number types that files store. */
export type SampleType =
  'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64'

export const bytesPerSample: Record<SampleType, number> = {
  ...{ int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float32: 4, float64: 8 },
}

/** Bytes a sample takes once decoded: wide integers and doubles become float32, signed bytes int16. */
export function bytesPerVoxel(type: SampleType): number {
  return type === 'uint8' ? 1 : type === 'int8' || type === 'int16' || type === 'uint16' ? 2 : 4
}

/** Samples converted at a time where the type in the file is not the type in memory. */
const CHUNK = 1 << 18

/** Reads `count` samples from `offset`; exact where the type allows, else with a warning that says how many were rounded. */
export async function readSamples(
  source: ByteSource,
  offset: number,
  type: SampleType,
  count: number,
  littleEndian: boolean,
  warnings: string[],
): Promise<Voxels> {
  const direct = allocateDirect(type, count)
  if (direct) {
    const bytes = new Uint8Array(direct.buffer)
    await source.readInto(bytes, offset)
    if (!littleEndian) swapInPlace(bytes, direct.BYTES_PER_ELEMENT)
    return direct
  }
  const size = bytesPerSample[type]
  const voxels = type === 'int8' ? new Int16Array(count) : new Float32Array(count)
  const chunk = Buffer.alloc(Math.min(count, CHUNK) * size)
  let rounded = 0
  for (let start = 0; start < count; start += CHUNK) {
    const n = Math.min(CHUNK, count - start)
    const bytes = chunk.subarray(0, n * size)
    await source.readInto(bytes, offset + start * size)
    rounded += convert(bytes, type, littleEndian, voxels.subarray(start, start + n))
  }
  if (rounded > 0) warnings.push(`${rounded} of the ${type} values were rounded to 32-bit floats.`)
  return voxels
}

/** Samples of bytes in memory, with the same rules. */
export function samplesOf(bytes: Uint8Array, type: SampleType, littleEndian: boolean): Voxels {
  const count = Math.floor(bytes.length / bytesPerSample[type])
  const direct = allocateDirect(type, count)
  if (direct) {
    const target = new Uint8Array(direct.buffer)
    target.set(bytes.subarray(0, target.length))
    if (!littleEndian) swapInPlace(target, direct.BYTES_PER_ELEMENT)
    return direct
  }
  const voxels = type === 'int8' ? new Int16Array(count) : new Float32Array(count)
  convert(bytes, type, littleEndian, voxels)
  return voxels
}

function allocateDirect(type: SampleType, count: number): Voxels | null {
  if (type === 'uint8') return new Uint8Array(count)
  if (type === 'int16') return new Int16Array(count)
  if (type === 'uint16') return new Uint16Array(count)
  if (type === 'float32') return new Float32Array(count)
  return null
}

/** Fills `target`; gives how many values are not the same as float32. */
function convert(bytes: Uint8Array, type: SampleType, little: boolean, target: Int16Array | Float32Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = bytesPerSample[type]
  const read = {
    int8: (o: number) => view.getInt8(o),
    int32: (o: number) => view.getInt32(o, little),
    uint32: (o: number) => view.getUint32(o, little),
    int64: (o: number) => Number(view.getBigInt64(o, little)),
    uint64: (o: number) => Number(view.getBigUint64(o, little)),
    float64: (o: number) => view.getFloat64(o, little),
  }[type as 'int8' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float64']
  let rounded = 0
  for (let i = 0; i < target.length; i++) {
    const value = read(i * size)
    target[i] = value
    if (target[i] !== value && !Number.isNaN(value)) rounded++
  }
  return rounded
}

/** Turns big-endian numbers into the machine's little-endian ones. */
export function swapInPlace(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (size === 2) buffer.swap16()
  else if (size === 4) buffer.swap32()
  else if (size === 8) buffer.swap64()
}
