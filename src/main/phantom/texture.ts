import type { Random } from '../domain/random.ts'

/**
 * A periodic band-passed Gaussian random field, mean 0 and variance 1: the raw material of the trabecular network. Level
 * sets of such fields are an established model of trabecular bone (Cahn 1965 for spinodal structures; Callens 2021,
 * Kumar 2020 for bone-like ones). Vertical trabeculae dominate at both sites, so the field is stretched along z.
 */
export type Texture = { size: number; depth: number; voxel: number; voxelZ: number; values: Float32Array }

/** Field of `wavelength` mm with a period of size x voxel mm in plane and depth x voxelZ mm along z. */
export function trabecularTexture(random: Random, wavelength: number): Texture {
  const size = 160
  const depth = 40
  const voxel = 0.15
  const voxelZ = 0.3
  const values = new Float32Array(size * size * depth)
  // Smoothing sums hundreds of these: the field comes out normal whatever they are.
  for (let i = 0; i < values.length; i++) values[i] = random.uniform() - 0.5
  const narrow = values.slice()
  // The difference of two Gaussians (sigma, 1.6 sigma) passes a band: its spectrum peaks at wavelength
  // 2 pi sigma sqrt((1.6^2 - 1) / (4 ln 1.6)) = 5.7 sigma, and zero crossings of the slice lie somewhat wider.
  const sigma = wavelength / 6.5 / voxel
  const sigmaZ = ((wavelength / 6.5) * 1.8) / voxelZ
  smooth(narrow, size, depth, sigma, sigmaZ)
  // Widening the narrow one by sqrt(1.6^2 - 1) sigma gives the wide one.
  const wide = values
  wide.set(narrow)
  smooth(wide, size, depth, sigma * 1.25, sigmaZ * 1.25)
  let sum = 0
  let square = 0
  for (let i = 0; i < wide.length; i++) {
    const d = narrow[i]! - wide[i]!
    narrow[i] = d
    sum += d
    square += d * d
  }
  const mean = sum / narrow.length
  const scale = 1 / Math.sqrt(square / narrow.length - mean * mean)
  for (let i = 0; i < narrow.length; i++) narrow[i] = (narrow[i]! - mean) * scale
  return { size, depth, voxel, voxelZ, values: narrow }
}

/** The field in the plane at height z mm (periodic), linear between its layers. */
export function layerAt(texture: Texture, z: number): Float32Array {
  const { size, depth, voxelZ, values } = texture
  const w = z / voxelZ
  const below = Math.floor(w)
  const f = w - below
  const n = size * size
  const a = (((below % depth) + depth) % depth) * n
  const b = ((((below + 1) % depth) + depth) % depth) * n
  const layer = new Float32Array(n)
  // Between two layers the variance sinks; this keeps it at 1 for uncorrelated ones and the network's thickness even.
  for (let i = 0; i < n; i++) layer[i] = values[a + i]! * (1 - f) + values[b + i]! * f
  return layer
}

/** Periodic smoothing in place, near to a Gaussian's: two running means an axis (Kovesi 2010). */
function smooth(values: Float32Array, size: number, depth: number, sigma: number, sigmaZ: number): void {
  const plane = size * size
  const source = new Float32Array(plane * depth)
  const sums = new Float64Array(plane)
  for (const width of boxWidths(sigma)) {
    source.set(values)
    for (let row = 0; row < size * depth; row++)
      boxMean(source, values, row * size, 1, size, width, sums.subarray(0, 1))
    source.set(values)
    for (let z = 0; z < depth; z++) boxMean(source, values, z * plane, size, size, width, sums.subarray(0, size))
  }
  for (const width of boxWidths(sigmaZ)) {
    source.set(values)
    boxMean(source, values, 0, plane, depth, width, sums)
  }
}

/** Periodic mean of `source` over `width` neighbours along an axis of `count` steps, for sums.length adjacent lines at once. */
function boxMean(
  source: Float32Array,
  target: Float32Array,
  start: number,
  stride: number,
  count: number,
  width: number,
  sums: Float64Array,
): void {
  const half = (width - 1) / 2
  const share = 1 / width
  sums.fill(0)
  for (let i = -half; i <= half; i++) {
    const from = start + ((i + count) % count) * stride
    for (let l = 0; l < sums.length; l++) sums[l]! += source[from + l]!
  }
  for (let i = 0; i < count; i++) {
    const leaving = start + (i < half ? i - half + count : i - half) * stride
    const entering = start + (i + half + 1 < count ? i + half + 1 : i + half + 1 - count) * stride
    const to = start + i * stride
    for (let l = 0; l < sums.length; l++) {
      const sum = sums[l]!
      target[to + l] = sum * share
      sums[l] = sum + source[entering + l]! - source[leaving + l]!
    }
  }
}

/** Two odd widths whose boxes' variances sum nearest to sigma squared. */
function boxWidths(sigma: number): [number, number] {
  const ideal = Math.sqrt(6 * sigma * sigma + 1)
  const low = Math.max(1, 2 * Math.floor((ideal - 1) / 2) + 1)
  const both = (width: number): number => (width * width - 1) / 12
  const target = sigma * sigma
  const options: [number, number][] = [
    [low, low],
    [low, low + 2],
    [low + 2, low + 2],
  ]
  const miss = ([a, b]: [number, number]): number => Math.abs(both(a) + both(b) - target)
  return options.reduce((best, option) => (miss(option) < miss(best) ? option : best))
}
