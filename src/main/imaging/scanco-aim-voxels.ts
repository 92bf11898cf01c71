import type { ByteSource } from './bytes.ts'
import { badFile } from './limits.ts'
import type { Triple } from './volume.ts'

/** Swaps the 16-bit halves and takes a quarter, in place (scanco.ts). */
export function fromVax(voxels: Float32Array): void {
  const halves = new Uint16Array(voxels.buffer, voxels.byteOffset, voxels.length * 2)
  for (let i = 0; i < voxels.length; i++) {
    const high = halves[2 * i] as number
    halves[2 * i] = halves[2 * i + 1] as number
    halves[2 * i + 1] = high
    voxels[i] = (voxels[i] as number) / 4
  }
}

/**
 * Signed char as pairs, after their own size; a border of `border` voxels around the image is not stored. AimIO writes
 * value and length, ITK reads length and value: the reading whose lengths fill the image is the right one.
 */
export async function readRuns(
  source: ByteSource,
  offset: number,
  size: number,
  dims: Triple,
  border: Triple,
): Promise<Int16Array> {
  const inner = dims.map((n, i) => n - 2 * (border[i] as number)) as Triple
  const count = inner[0] * inner[1] * inner[2]
  const pairs = new Uint8Array(size - offset)
  await source.readInto(pairs, offset)
  const lengthAt = [1, 0].find((first) => {
    let total = 0
    for (let i = first; i < pairs.length && total < count; i += 2) total += pairs[i] as number
    return total === count
  })
  if (lengthAt === undefined || inner.some((n) => n < 1)) {
    throw badFile('file-damaged', source.path, 'holds compressed data that does not fill its image. Copy it again.')
  }
  const flat = new Int8Array(count)
  for (let i = 0, at = 0; at < count; i += 2) {
    const end = at + (pairs[i + lengthAt] as number)
    flat.fill(((pairs[i + 1 - lengthAt] as number) << 24) >> 24, at, end)
    at = end
  }
  const voxels = new Int16Array(dims[0] * dims[1] * dims[2])
  for (let z = 0; z < inner[2]; z++) {
    for (let y = 0; y < inner[1]; y++) {
      const row = flat.subarray((z * inner[1] + y) * inner[0], (z * inner[1] + y + 1) * inner[0])
      voxels.set(row, ((z + border[2]) * dims[1] + y + border[1]) * dims[0] + border[0])
    }
  }
  return voxels
}
