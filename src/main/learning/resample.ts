/** A grey picture, row by row. */
export interface Picture {
  width: number
  height: number
  pixels: Float32Array
}

/**
 * Fits a picture into a square: the longer edge becomes `size`, the shape of the bone stays, the rest is 0.
 * Shrinking averages the area each new pixel covers, growing interpolates linearly between pixel centres.
 */
export function fitSquare(picture: Picture, size: number): Float32Array {
  const scale = size / Math.max(picture.width, picture.height)
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  if (width === picture.width && height === picture.height && width === height) return picture.pixels
  const narrow = resampleRows(picture.pixels, picture.width, picture.height, width)
  const turned = resampleRows(transpose(narrow, width, picture.height), picture.height, width, height)
  const small = transpose(turned, height, width)
  if (width === size && height === size) return small
  const square = new Float32Array(size * size)
  const left = (size - width) >> 1
  const top = (size - height) >> 1
  for (let y = 0; y < height; y++) square.set(small.subarray(y * width, (y + 1) * width), (top + y) * size + left)
  return square
}

/** Gives each of `rows` rows `to` instead of `from` pixels. */
function resampleRows(pixels: Float32Array, from: number, rows: number, to: number): Float32Array {
  if (from === to) return pixels
  const parts = Array.from({ length: to }, (_, index) =>
    to < from ? covered(index, from / to, from) : between(index, from / to, from),
  )
  const result = new Float32Array(rows * to)
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < to; index++) {
      const { first, weights } = parts[index]!
      const start = row * from + first
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * pixels[start + k]!
      result[row * to + index] = sum
    }
  }
  return result
}

interface Part {
  first: number
  /** Sum to 1. */
  weights: number[]
}

/** Source pixels under new pixel `index`, each by the fraction of it that is covered. */
function covered(index: number, ratio: number, from: number): Part {
  const start = index * ratio
  const end = Math.min(from, start + ratio)
  const first = Math.floor(start)
  const weights: number[] = []
  for (let pixel = first; pixel < end - 1e-9; pixel++) {
    weights.push((Math.min(end, pixel + 1) - Math.max(start, pixel)) / (end - start))
  }
  return { first, weights }
}

/** The two source pixels around the centre of new pixel `index`. */
function between(index: number, ratio: number, from: number): Part {
  const centre = Math.min(from - 1, Math.max(0, (index + 0.5) * ratio - 0.5))
  const first = Math.min(Math.floor(centre), Math.max(0, from - 2))
  return from === 1 ? { first: 0, weights: [1] } : { first, weights: [1 - (centre - first), centre - first] }
}

function transpose(pixels: Float32Array, width: number, height: number): Float32Array {
  const turned = new Float32Array(pixels.length)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned[x * height + y] = pixels[y * width + x]!
  return turned
}
