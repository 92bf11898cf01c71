import { fourier } from './fft.ts'
import { lanes } from './project.ts'
import type { Geometry } from './project.ts'
import { across, finer, openKernels, taps, type Kernels } from './wasm/kernels.ts'

/** The part of the picture that is wanted: its first column and row, and its side; the rest stays 0. */
export type Window = { x: number; y: number; size: number }

/** Views that pass over the picture together: few enough for their values to stay in the second-level cache. */
const block = 48

/**
 * Filtered back-projection of `views` even parallel views over 180 degrees (Kak and Slaney 1988, section 3.3): the
 * interleaved sinogram of `project` to interleaved slices in 1/cm; 0 outside the circle that all views see.
 *
 * Filtered views are kept four times finer than the detector, interpolated with a windowed sinc, looked up to the nearest
 * quarter of a bin and summed in fixed point: whole numbers, whose sum does not depend on the order.
 */
export function reconstruct(
  sinogram: Float32Array,
  geometry: Geometry,
  kernels: Kernels = openKernels(),
  window: Window = { x: 0, y: 0, size: geometry.size },
): Float32Array<ArrayBuffer> {
  const room = roomFor(geometry, kernels)
  filterViews(sinogram, geometry, room, kernels)
  return backProject(geometry, room, kernels, window)
}

/**
 * Frequency response of the filter: Kak and Slaney's band-limited ramp (their equation 61, which keeps the mean right
 * where a sampled |f| does not) times a Hann window that ends at 1.25 of the highest frequency.
 */
function rampResponse(length: number, pixel: number): Float64Array {
  const cm = pixel / 10
  const re = new Float64Array(length)
  const im = new Float64Array(length)
  re[0] = 1 / (4 * cm * cm)
  for (let n = 1; n <= length / 2; n += 2) {
    re[n] = -1 / (Math.PI * n * cm) ** 2
    re[length - n] = re[n]!
  }
  fourier(length).forward(re, im)
  for (let k = 0; k < length; k++) {
    const frequency = Math.min(k, length - k) / (length / 2)
    re[k]! *= cm * 0.5 * (1 + Math.cos((Math.PI * frequency) / 1.25))
  }
  return re
}

/** Where things lie in the kernels' memory, in bytes; one view's fine values are `stride` apart. */
interface Room {
  buffer: ArrayBuffer
  cosines: number
  sines: number
  sums: number
  largest: number
  weights: number
  /** One filtered view with room for the interpolation's neighbours on both sides. */
  view: number
  table: number
  stride: number
}

function roomFor({ size, views }: Geometry, kernels: Kernels): Room {
  const vector = 4 * lanes
  // No power of two, which would crowd a few sets of the cache.
  const stride = (finer * size + 5) * vector
  const cosines = 0
  const sines = cosines + 8 * views
  const sums = 16 * Math.ceil((sines + 8 * views) / 16)
  const largest = sums + vector * size * (size + across)
  const weights = largest + vector
  const view = weights + vector * finer * 2 * taps
  // The last group of a row holds pixels outside the circle, whose rays pass the detector by: they look a view to each side.
  const table = view + vector * (size + 2 * taps) + stride
  const buffer = kernels.reserve(table + stride * (views + 1))
  return { buffer, cosines, sines, sums, largest, weights, view, table, stride }
}

/** Filters the views into the table, `finer` times as many bins; leaves the largest size of a value behind. */
function filterViews(sinogram: Float32Array, { size, pixel, views }: Geometry, room: Room, kernels: Kernels): void {
  let length = 2
  while (length < 2 * size) length *= 2
  const transform = fourier(length)
  const response = rampResponse(length, pixel)
  const re = new Float64Array(length)
  const im = new Float64Array(length)
  const view = new Float32Array(room.buffer, room.view, (size + 2 * taps) * lanes).fill(0)
  const weights = new Float32Array(room.buffer, room.weights, finer * 2 * taps * lanes)
  interpolation().forEach((weight, i) => weights.fill(weight, i * lanes, (i + 1) * lanes))
  new Float32Array(room.buffer, room.largest, lanes).fill(0)
  for (let k = 0; k < views; k++) {
    // Two real rows travel as one complex one: the response is real and even, so they do not mix.
    for (let lane = 0; lane < lanes; lane += 2) {
      const start = k * size * lanes + lane
      re.fill(0)
      im.fill(0)
      for (let i = 0; i < size; i++) {
        re[i] = sinogram[start + i * lanes]!
        im[i] = sinogram[start + i * lanes + 1]!
      }
      transform.forward(re, im)
      for (let i = 0; i < length; i++) {
        re[i]! *= response[i]! / length
        im[i]! *= response[i]! / length
      }
      // The inverse transform is the forward one with the parts exchanged.
      transform.forward(im, re)
      for (let i = 0; i < size; i++) {
        view[(i + taps) * lanes + lane] = re[i]!
        view[(i + taps) * lanes + lane + 1] = im[i]!
      }
    }
    const at = room.table + k * room.stride
    kernels.widen(room.view, at, at + size * finer * lanes * 4, room.weights, room.largest)
  }
}

/** Lanczos weights of 2 taps neighbours for each quarter of a bin, summing to 1. */
function interpolation(): Float64Array {
  const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
  const weights = new Float64Array(finer * 2 * taps)
  for (let phase = 0; phase < finer; phase++) {
    const row = weights.subarray(phase * 2 * taps, (phase + 1) * 2 * taps)
    for (let t = 0; t < 2 * taps; t++) {
      const x = phase / finer - (t - taps + 1)
      row[t] = Math.abs(x) < taps ? sinc(x) * sinc(x / taps) : 0
    }
    const sum = row.reduce((total, weight) => total + weight, 0)
    for (let t = 0; t < 2 * taps; t++) row[t]! /= sum
  }
  return weights
}

function backProject(
  { size, views }: Geometry,
  room: Room,
  kernels: Kernels,
  window: Window,
): Float32Array<ArrayBuffer> {
  const slices = new Float32Array(size * size * lanes)
  const half = (size - 1) / 2
  const radius = half - 0.5
  // Whole multiples of a unit that is as small as no overflow allows.
  const largest = new Float32Array(room.buffer, room.largest, lanes).reduce((a, b) => Math.max(a, b), Number.MIN_VALUE)
  const unit = largest / Math.floor(2147483647 / (views + 1))
  kernels.round(room.table, room.table + room.stride * views, 1 / unit)
  const cos = new Float64Array(room.buffer, room.cosines, views)
  const sin = new Float64Array(room.buffer, room.sines, views)
  for (let k = 0; k < views; k++) {
    cos[k] = Math.cos((k * Math.PI) / views) * finer
    sin[k] = Math.sin((k * Math.PI) / views) * finer
  }
  const centre = finer * half + 0.5
  const scale = (Math.PI / views) * unit
  const { table, stride, cosines, sines, sums } = room
  // Room behind each row for its last group of pixels.
  const wide = size + across
  const values = new Int32Array(room.buffer, sums, size * wide * lanes).fill(0)
  const spans = Array.from({ length: size }, (_, row) => spanOf(row, half, radius, window))
  for (let from = 0; from < views; from += block) {
    const end = cosines + 8 * Math.min(views, from + block)
    const [at, cosAt, sinAt] = [table + from * stride, cosines + 8 * from, sines + 8 * from]
    for (const [row, span] of spans.entries()) {
      if (!span) continue
      const [first, last] = [sums + 16 * (row * wide + span[0]), sums + 16 * (row * wide + span[1])]
      kernels.backProject(at, stride, cosAt, sinAt, end, first, last + 16, span[0] - half, row - half, centre)
    }
  }
  for (const [row, span] of spans.entries()) {
    if (!span) continue
    const [from, to] = [row * size * lanes, row * wide * lanes]
    for (let p = span[0] * lanes; p < (span[1] + 1) * lanes; p++) slices[from + p] = values[to + p]! * scale
  }
  return slices
}

/** First and last column of a row within the circle that all views see and within the window; null where there is none. */
function spanOf(row: number, half: number, radius: number, window: Window): [first: number, last: number] | null {
  const chord = radius * radius - (row - half) ** 2
  if (chord < 0 || row < window.y || row >= window.y + window.size) return null
  const first = Math.max(window.x, Math.ceil(half - Math.sqrt(chord)))
  const last = Math.min(window.x + window.size - 1, Math.floor(half + Math.sqrt(chord)))
  return first > last ? null : [first, last]
}
