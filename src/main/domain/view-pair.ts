/** Sum of squared intensity differences (equation 2.1). */
export function sumOfSquaredDifferences(f: ArrayLike<number>, g: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < f.length; i++) sum += (f[i]! - g[i]!) ** 2
  return sum
}

/** Normalised cross correlation (equation 2.1): no mean is taken off. Null where either view is zero everywhere. */
export function normalisedCrossCorrelation(f: ArrayLike<number>, g: ArrayLike<number>): number | null {
  let [fg, ff, gg] = [0, 0, 0]
  for (let i = 0; i < f.length; i++) {
    fg += f[i]! * g[i]!
    ff += f[i]! ** 2
    gg += g[i]! ** 2
  }
  return ff > 0 && gg > 0 ? fg / Math.sqrt(ff * gg) : null
}

/** First and last column whose mirror image lies on the detector (its bins reach half a column beyond their middles). */
export function mirroredColumns(columns: number, centre: number): { first: number; last: number } {
  return {
    first: Math.max(0, Math.ceil(2 * centre - columns + 0.5)),
    last: Math.min(columns - 1, Math.floor(2 * centre + 0.5)),
  }
}

/** Columns `first` to `last` of each row. */
export function cut(view: Float64Array, columns: number, first: number, last: number): Float64Array {
  if (first === 0 && last === columns - 1) return view
  const width = last - first + 1
  const out = new Float64Array((view.length / columns) * width)
  for (let row = 0; row * columns < view.length; row++)
    out.set(view.subarray(row * columns + first, row * columns + last + 1), row * width)
  return out
}

/** Neighbours on each side that a mirrored value is interpolated from. */
const taps = 6

/**
 * Rows mirrored about `centre`: out[x] = view[2 centre - x]. Between bins by a windowed sinc (Lanczos), which keeps the
 * photon noise as large as it is; linear interpolation would halve its variance and make the SSD depend on the centre.
 */
export function mirrored(view: Float64Array, columns: number, centre: number): Float64Array {
  const out = new Float64Array(view.length)
  const sum = 2 * centre
  const whole = Math.floor(sum)
  const part = sum - whole
  const weights = Float64Array.from({ length: 2 * taps }, (_, t) => lanczos(part - (t - taps + 1)))
  const total = weights.reduce((a, b) => a + b, 0)
  for (let row = 0; row < view.length; row += columns)
    for (let x = 0; x < columns; x++) {
      let value = 0
      if (part === 0) value = view[row + clamp(whole - x, columns)]!
      else
        for (let t = 0; t < 2 * taps; t++)
          value += (weights[t]! / total) * view[row + clamp(whole - x + t - taps + 1, columns)]!
      out[row + x] = value
    }
  return out
}

function clamp(x: number, columns: number): number {
  return Math.min(columns - 1, Math.max(0, x))
}

function lanczos(x: number): number {
  if (x === 0) return 1
  if (Math.abs(x) >= taps) return 0
  const p = Math.PI * x
  return (taps * Math.sin(p) * Math.sin(p / taps)) / (p * p)
}
