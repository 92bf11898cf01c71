/**
 * DICOM RLE (PS3.5 annex G): up to 15 byte planes, each packed as in PackBits; the most significant byte of a sample
 * first, then sample by sample. Gives little-endian samples, interleaved; null where the frame is damaged.
 */
export function decodeRle(data: Buffer, pixels: number, samples: number, bytesPerSample: number): Uint8Array | null {
  if (data.length < 64) return null
  const segments = data.readUInt32LE(0)
  if (segments !== samples * bytesPerSample) return null
  const out = new Uint8Array(pixels * samples * bytesPerSample)
  const step = samples * bytesPerSample
  for (let segment = 0; segment < segments; segment++) {
    const start = data.readUInt32LE(4 + 4 * segment)
    const end = segment + 1 < segments ? data.readUInt32LE(8 + 4 * segment) : data.length
    if (start < 64 || start > end || end > data.length) return null
    const sample = Math.floor(segment / bytesPerSample)
    const byte = bytesPerSample - 1 - (segment % bytesPerSample)
    if (!unpack(data.subarray(start, end), out, sample * bytesPerSample + byte, step, pixels)) return null
  }
  return out
}

function unpack(packed: Uint8Array, out: Uint8Array, first: number, step: number, count: number): boolean {
  let written = 0
  for (let i = 0; i < packed.length && written < count;) {
    const n = ((packed[i++] as number) << 24) >> 24
    if (n === -128) continue
    const run = Math.min(n >= 0 ? n + 1 : 1 - n, count - written)
    if (n >= 0) {
      if (i + run > packed.length) return false
      for (let k = 0; k < run; k++) out[first + (written + k) * step] = packed[i + k] as number
      i += n + 1
    } else {
      if (i >= packed.length) return false
      const value = packed[i++] as number
      for (let k = 0; k < run; k++) out[first + (written + k) * step] = value
    }
    written += run
  }
  return written === count
}
