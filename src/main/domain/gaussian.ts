/** A grey picture, row by row. */
interface Picture {
  width: number
  height: number
  pixels: Float32Array
}

/**
 * Gaussian of `sigma` pixels, cut at 4 sigma, edges mirrored with the outermost pixel repeated (as
 * scipy.ndimage.gaussian_filter does by default).
 */
export function blur(picture: Picture, sigma: number): Picture {
  const { width, height, pixels } = picture
  const radius = Math.floor(4 * sigma + 0.5)
  if (radius === 0) return picture
  const raw = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)))
  const sum = raw.reduce((total, weight) => total + weight, 0)
  const kernel = Float64Array.from(raw, (weight) => weight / sum)
  const across = convolve(pixels, kernel, height, width, width, 1)
  return { width, height, pixels: convolve(across, kernel, width, height, 1, width) }
}

/** One pass along lines of `length` pixels `step` apart; the lines start `stride` apart. */
function convolve(
  pixels: Float32Array,
  kernel: Float64Array,
  lines: number,
  length: number,
  stride: number,
  step: number,
): Float32Array {
  const radius = (kernel.length - 1) / 2
  const result = new Float32Array(pixels.length)
  const line = new Float64Array(length + 2 * radius)
  for (let number = 0; number < lines; number++) {
    const start = number * stride
    for (let index = 0; index < length; index++) line[index + radius] = pixels[start + index * step]!
    for (let beyond = 1; beyond <= radius; beyond++) {
      line[radius - beyond] = pixels[start + mirrored(-beyond, length) * step]!
      line[radius + length + beyond - 1] = pixels[start + mirrored(length + beyond - 1, length) * step]!
    }
    for (let index = 0; index < length; index++) {
      let sum = kernel[radius]! * line[index + radius]!
      for (let tap = 0; tap < radius; tap++)
        sum += kernel[tap]! * (line[index + tap]! + line[index + 2 * radius - tap]!)
      result[start + index * step] = sum
    }
  }
  return result
}

/** ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ... */
function mirrored(index: number, length: number): number {
  const period = 2 * length
  const place = ((index % period) + period) % period
  return place < length ? place : period - 1 - place
}
