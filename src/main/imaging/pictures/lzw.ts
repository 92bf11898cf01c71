/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first, 256 clears, 257 ends, the width
 * grows one code early. Gives at most `length` bytes; damaged data gives fewer.
 */
export function decodeLzw(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  // Each entry is a place in the output: where its string starts and how long it is.
  const starts = new Int32Array(4097)
  const lengths = new Int32Array(4097)
  let next = 258
  let width = 9
  let written = 0
  let previous = -1
  let previousStart = 0
  let previousLength = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < data.length && written < length;) {
    while (held < width && i < data.length) {
      bits = ((bits << 8) | (data[i++] as number)) & 0xffffff
      held += 8
    }
    if (held < width) break
    const code = (bits >> (held - width)) & ((1 << width) - 1)
    held -= width
    if (code === 257) break
    if (code === 256) {
      next = 258
      width = 9
      previous = -1
      continue
    }
    const start = written
    if (code < 256) out[written++] = code
    else {
      const known = code < next
      if ((!known && code !== next) || (!known && previous < 0)) break
      const from = known ? (starts[code] as number) : previousStart
      const n = known ? (lengths[code] as number) : previousLength
      for (let k = 0; k < n && written < length; k++) out[written++] = out[from + k] as number
      if (!known && written < length) out[written++] = out[from] as number
    }
    if (previous >= 0 && next < 4096) {
      // The new entry is the previous string and this one's first byte, which follows it in the output.
      starts[next] = previousStart
      lengths[next] = previousLength + 1
      next++
    }
    previous = code
    previousStart = start
    previousLength = written - start
    if (next >= 511 && width < 12) width = next >= 2047 ? 12 : next >= 1023 ? 11 : 10
  }
  return out.subarray(0, written)
}
