/** An in-place complex radix-2 Fourier transform of a fixed length (a power of two), without scaling. */
export type Fourier = { length: number; forward(re: Float64Array, im: Float64Array): void }

/** @throws RangeError where the length is no power of two. */
export function fourier(length: number): Fourier {
  if (length < 2 || (length & (length - 1)) !== 0) throw new RangeError(`A power of two is needed, not ${length}`)
  const reversed = new Uint32Array(length)
  const bits = Math.log2(length)
  for (let i = 0; i < length; i++) {
    let r = 0
    for (let b = 0; b < bits; b++) if (i & (1 << b)) r |= 1 << (bits - 1 - b)
    reversed[i] = r
  }
  const cos = new Float64Array(length / 2)
  const sin = new Float64Array(length / 2)
  for (let i = 0; i < length / 2; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / length)
    sin[i] = -Math.sin((2 * Math.PI * i) / length)
  }
  function forward(re: Float64Array, im: Float64Array): void {
    for (let i = 0; i < length; i++) {
      const j = reversed[i]!
      if (j <= i) continue
      const r = re[i]!
      re[i] = re[j]!
      re[j] = r
      const m = im[i]!
      im[i] = im[j]!
      im[j] = m
    }
    for (let size = 2; size <= length; size *= 2) {
      const half = size / 2
      const stride = length / size
      for (let start = 0; start < length; start += size)
        for (let k = 0, w = 0; k < half; k++, w += stride) {
          const i = start + k
          const j = i + half
          const wr = cos[w]!
          const wi = sin[w]!
          const xr = re[j]!
          const xi = im[j]!
          const tr = xr * wr - xi * wi
          const ti = xr * wi + xi * wr
          re[j] = re[i]! - tr
          im[j] = im[i]! - ti
          re[i] = re[i]! + tr
          im[i] = im[i]! + ti
        }
    }
  }
  return { length, forward }
}
