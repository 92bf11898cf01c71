import { fourier } from './fft.ts'
import { lanes } from './project.ts'
import type { Geometry } from './project.ts'

/** Filtered views are kept this many times finer than the detector, so that back-projection only looks up. */
const finer = 4

/** Views that pass over a row together: few enough to stay in the first-level cache. */
const block = 32

/**
 * Filtered back-projection of `views` even parallel views over 180 degrees (Kak and Slaney 1988, section 3.3): the
 * interleaved sinogram of `project` to interleaved slices in 1/cm; 0 outside the circle that all views see.
 *
 * Filtered views are interpolated with a windowed sinc, looked up to the nearest quarter of a bin and summed
 * in fixed point: 1.2 ns a voxel and view where linear interpolation in floating point took 2.5 to 5.
 */
export function reconstruct(sinogram: Float32Array, geometry: Geometry): Float32Array<ArrayBuffer> {
  const { fixed, unit } = filterViews(sinogram, geometry)
  return backProject(fixed, unit, geometry)
}

/**
 * Frequency response of the filter: Kak and Slaney's band-limited ramp (their equation 61, which keeps the mean right
 * where a sampled |f| does not) times a Hann window that ends at 1.25 of the highest frequency.
 */
export function rampResponse(length: number, pixel: number): Float64Array {
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

/** Lanes of one fine view lie this far apart; no power of two, which would crowd a few sets of the cache. */
function strideOf(size: number): number {
  return (finer * size + 5) * lanes
}

/** Filtered views, `finer` times as many bins, as whole multiples of `unit` small enough to sum without overflow. */
function filterViews(sinogram: Float32Array, { size, pixel, views }: Geometry): { fixed: Int32Array; unit: number } {
  let length = 2
  while (length < 2 * size) length *= 2
  const transform = fourier(length)
  const response = rampResponse(length, pixel)
  const re = new Float64Array(length)
  const im = new Float64Array(length)
  // The filtered view with room for the interpolation's taps on both sides; zero there, as outside the detector.
  const view = new Float64Array((size + 2 * taps) * lanes)
  const weights = interpolation()
  const stride = strideOf(size)
  const filtered = new Float32Array(views * stride)
  let largest = 0
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
        re[i]! *= response[i]!
        im[i]! *= response[i]!
      }
      // The inverse transform is the forward one with the parts exchanged.
      transform.forward(im, re)
      for (let i = 0; i < size; i++) {
        view[(i + taps) * lanes + lane] = re[i]! / length
        view[(i + taps) * lanes + lane + 1] = im[i]! / length
      }
    }
    const out = k * stride
    for (let i = 0; i < size * lanes; i++) {
      const to = out + (i - (i % lanes)) * finer + (i % lanes)
      const from = i + lanes
      filtered[to] = view[i + taps * lanes]!
      largest = Math.max(largest, Math.abs(filtered[to]))
      for (let phase = 1; phase < finer; phase++) {
        let sum = 0
        for (let t = 0; t < 2 * taps; t++) sum += weights[phase * 2 * taps + t]! * view[from + t * lanes]!
        filtered[to + phase * lanes] = sum
        largest = Math.max(largest, Math.abs(sum))
      }
    }
  }
  const unit = Math.max(largest, Number.MIN_VALUE) / Math.floor(2147483647 / (views + 1))
  const fixed = new Int32Array(filtered.length)
  for (let i = 0; i < fixed.length; i++) fixed[i] = Math.round(filtered[i]! / unit)
  return { fixed, unit }
}

/** Neighbours on each side that interpolation uses. */
const taps = 4

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

function backProject(fixed: Int32Array, unit: number, { size, views }: Geometry): Float32Array<ArrayBuffer> {
  const slices = new Float32Array(size * size * lanes)
  const half = (size - 1) / 2
  const radius = half - 0.5
  const stride = strideOf(size)
  const cos = Float64Array.from({ length: views }, (_, k) => Math.cos((k * Math.PI) / views) * finer)
  const sin = Float64Array.from({ length: views }, (_, k) => Math.sin((k * Math.PI) / views) * finer)
  const centre = finer * half + 0.5
  const sums = new Int32Array(size * lanes)
  const scale = (Math.PI / views) * unit
  for (let row = 0; row < size; row++) {
    const y = row - half
    const chord = radius * radius - y * y
    if (chord < 0) continue
    const first = Math.ceil(half - Math.sqrt(chord))
    const last = Math.floor(half + Math.sqrt(chord))
    sums.fill(0)
    for (let from = 0; from < views; from += block) {
      const to = Math.min(views, from + block)
      for (let column = first; column <= last; column++) {
        const x = column - half
        const o = column * lanes
        let a = sums[o]!
        let b = sums[o + 1]!
        let c = sums[o + 2]!
        let d = sums[o + 3]!
        let base = (from * stride) | 0
        for (let view = from; view < to; view++) {
          const p = (base + (((y * cos[view]! - x * sin[view]! + centre) | 0) << 2)) | 0
          a = (a + fixed[p]!) | 0
          b = (b + fixed[p + 1]!) | 0
          c = (c + fixed[p + 2]!) | 0
          d = (d + fixed[p + 3]!) | 0
          base = (base + stride) | 0
        }
        sums[o] = a
        sums[o + 1] = b
        sums[o + 2] = c
        sums[o + 3] = d
      }
    }
    const start = row * size * lanes
    for (let i = first * lanes; i < (last + 1) * lanes; i++) slices[start + i] = sums[i]! * scale
  }
  return slices
}
