import { poseAt } from './motion.ts'
import type { Motion } from './motion.ts'
import { openKernels, type Kernels } from './wasm/kernels.ts'

/**
 * Slices that are projected together: the ray geometry is worked out once for all of them. They lie interleaved, the
 * slice running fastest: value of slice k at pixel p is data[p * lanes + k].
 */
export const lanes = 4

/** A parallel-beam scanner: `size` detector bins as wide as a pixel, `pixel` in mm, `views` even steps over 180 degrees. */
export type Geometry = { size: number; pixel: number; views: number }

/** An ellipse's shell that stays where it is while the limb moves: the cast. Semi-axes and wall in mm, attenuation in 1/cm. */
export type Shell = { a: number; b: number; wall: number; attenuation: number }

/**
 * Line integrals (no unit) of `lanes` interleaved slices in 1/cm: a sinogram of angles.length x size x lanes.
 *
 * At theta a ray runs along (cos, sin), and the detector coordinate is s = -x sin + y cos: rays of the first and the
 * last view run along the rows, so that their inconsistency shows as the horizontal streaks known from HR-pQCT. A limb
 * that is turned by phi and displaced by d casts at theta the shadow that the limb at rest casts at theta - phi, moved by
 * n . d: motion needs no resampling of the picture. Rays are integrated by linear interpolation along the axis that they follow more closely
 * (Joseph 1982).
 */
export function project(
  slices: Float32Array,
  geometry: Geometry,
  motion: Motion,
  angles: Float64Array,
  kernels: Kernels = openKernels(),
): Float32Array<ArrayBuffer> {
  const { size, pixel } = geometry
  const sinogram = new Float32Array(angles.length * size * lanes)
  // One pixel of slack behind each picture: the last one of a line has a neighbour to be read, whose share is 0.
  const plane = (size * size + 1) * lanes
  const buffer = kernels.reserve(4 * (size * lanes + 2 * plane))
  const view = new Float32Array(buffer, 0, size * lanes)
  const byRow = placed(buffer, 4 * size * lanes, slices, size)
  const byColumn = placed(buffer, 4 * (size * lanes + plane), transposed(slices, size), size)
  for (let k = 0; k < angles.length; k++) {
    const theta = angles[k]!
    const pose = poseAt(motion, theta / Math.PI)
    const shift = -pose.dx * Math.sin(theta) + pose.dy * Math.cos(theta)
    projectView(kernels, byRow, byColumn, size, theta - pose.turn, shift / pixel, view)
    const start = k * size * lanes
    const length = pixel / 10
    for (let i = 0; i < view.length; i++) sinogram[start + i] = view[i]! * length
  }
  return sinogram
}

type Supported = { address: number; from: Int32Array; to: Int32Array }

/** Sums along the rays at `angle` into `view` (size x lanes), in pixel lengths; `shift` in pixels. */
function projectView(
  kernels: Kernels,
  byRow: Supported,
  byColumn: Supported,
  size: number,
  angle: number,
  shift: number,
  view: Float32Array,
): void {
  view.fill(0)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const half = (size - 1) / 2
  // Along columns a ray meets row y = (s + x sin) / cos; along rows it meets column x = (y cos - s) / sin.
  const steep = Math.abs(sin) > Math.abs(cos)
  const { address, from, to } = steep ? byRow : byColumn
  const step = steep ? -1 / sin : 1 / cos
  const slope = steep ? cos / sin : sin / cos
  for (let line = 0; line < size; line++) {
    const low = from[line]!
    const high = to[line]!
    if (low > high) continue
    // Where detector bin 0 meets this line.
    const origin = (line - half) * slope + (-half - shift) * step + half
    const a = (Math.max(0, low - 1) - origin) / step
    const b = (Math.min(size - 1, high + 1) - origin) / step
    const first = Math.max(0, Math.ceil(Math.min(a, b)))
    const last = Math.min(size - 1, Math.floor(Math.max(a, b)))
    if (first > last) continue
    kernels.projectLine(address + line * size * lanes * 4, view.byteOffset, first, last, origin, step)
  }
  const length = Math.abs(step)
  for (let i = 0; i < view.length; i++) view[i]! *= length
}

function transposed(slices: Float32Array, size: number): Float32Array {
  const out = new Float32Array(slices.length)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let k = 0; k < lanes; k++) out[(x * size + y) * lanes + k] = slices[(y * size + x) * lanes + k]!
  return out
}

/** Puts a picture at an address of the kernels' memory; and the first and last pixel of each line that holds anything. */
function placed(buffer: ArrayBuffer, address: number, data: Float32Array, size: number): Supported {
  const all = new Float32Array(buffer, address, data.length + lanes)
  all.set(data)
  all.fill(0, data.length)
  const from = new Int32Array(size).fill(size)
  const to = new Int32Array(size).fill(-1)
  for (let line = 0; line < size; line++) {
    const row = data.subarray(line * size * lanes, (line + 1) * size * lanes)
    let [low, high] = [0, row.length - 1]
    while (low <= high && row[low] === 0) low++
    while (high > low && row[high] === 0) high--
    if (low > high) continue
    from[line] = Math.floor(low / lanes)
    to[line] = Math.floor(high / lanes)
  }
  return { address, from, to }
}

/**
 * Mean line integral over one detector bin, s - width/2 to s + width/2, of an ellipse about the axis of rotation with
 * attenuation 1 a unit of length: the closed form of its shadow 2ab sqrt(w^2 - s^2) / w^2, w^2 = a^2 sin^2 + b^2 cos^2.
 */
export function ellipseShadow(a: number, b: number, theta: number, s: number, width: number): number {
  const w2 = (a * Math.sin(theta)) ** 2 + (b * Math.cos(theta)) ** 2
  const w = Math.sqrt(w2)
  const area = (t: number): number => {
    const u = Math.min(w, Math.max(-w, t))
    return 0.5 * (u * Math.sqrt(Math.max(0, w2 - u * u)) + w2 * Math.asin(u / w))
  }
  return (((2 * a * b) / w2) * (area(s + width / 2) - area(s - width / 2))) / width
}

/** Adds the cast, at rest, to each lane of a sinogram. */
export function addShell(sinogram: Float32Array, geometry: Geometry, shell: Shell, angles: Float64Array): void {
  const { size, pixel } = geometry
  for (let k = 0; k < angles.length; k++)
    for (let bin = 0; bin < size; bin++) {
      const s = (bin - (size - 1) / 2) * pixel
      const outer = ellipseShadow(shell.a + shell.wall, shell.b + shell.wall, angles[k]!, s, pixel)
      const inner = ellipseShadow(shell.a, shell.b, angles[k]!, s, pixel)
      const value = ((outer - inner) * shell.attenuation) / 10
      const o = (k * size + bin) * lanes
      for (let lane = 0; lane < lanes; lane++) sinogram[o + lane]! += value
    }
}
