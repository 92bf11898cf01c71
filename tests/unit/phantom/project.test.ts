import { describe, expect, it } from 'vitest'
import { motionless } from '../../../src/main/phantom/motion.ts'
import type { Motion } from '../../../src/main/phantom/motion.ts'
import { addShell, ellipseShadow, lanes, project } from '../../../src/main/phantom/project.ts'

const geometry = { size: 192, pixel: 0.4, views: 1 }
const degrees = [0, 7.5, 45, 63, 90, 134.9, 180]
const angles = Float64Array.from(degrees, (d) => (d * Math.PI) / 180)

/** A disc of `radius` mm about (x, y) in every lane, lane k k+1 times as dense, edges as partial volume of 8 x 8 points. */
function disc(x: number, y: number, radius: number): Float32Array {
  const { size, pixel } = geometry
  const slices = new Float32Array(size * size * lanes)
  for (let iy = 0; iy < size; iy++)
    for (let ix = 0; ix < size; ix++) {
      let hits = 0
      for (let k = 0; k < 64; k++) {
        const px = (ix - (size - 1) / 2 + ((k % 8) + 0.5) / 8 - 0.5) * pixel
        const py = (iy - (size - 1) / 2 + (Math.floor(k / 8) + 0.5) / 8 - 0.5) * pixel
        if ((px - x) ** 2 + (py - y) ** 2 < radius * radius) hits++
      }
      for (let lane = 0; lane < lanes; lane++) slices[(iy * size + ix) * lanes + lane] = (hits / 64) * (lane + 1)
    }
  return slices
}

/** Chord in cm of a disc of `radius` mm about (x, y) on the ray at theta, s. */
function chord(x: number, y: number, radius: number, theta: number, s: number): number {
  const t = s - (-x * Math.sin(theta) + y * Math.cos(theta))
  return t * t < radius * radius ? (2 * Math.sqrt(radius * radius - t * t)) / 10 : 0
}

/** Largest difference from the closed form away from the shadow's edge, as a share of its peak, in any lane and view. */
function worst(sinogram: Float32Array, centre: (theta: number) => [number, number], radius: number): number {
  let error = 0
  for (let view = 0; view < angles.length; view++)
    for (let bin = 0; bin < geometry.size; bin++) {
      const s = (bin - (geometry.size - 1) / 2) * geometry.pixel
      const [x, y] = centre(angles[view]!)
      const t = Math.abs(s + x * Math.sin(angles[view]!) - y * Math.cos(angles[view]!))
      if (Math.abs(t - radius) < 1.5) continue
      for (let lane = 0; lane < lanes; lane++) {
        const seen = sinogram[(view * geometry.size + bin) * lanes + lane]! / (lane + 1)
        error = Math.max(error, Math.abs(seen - chord(x, y, radius, angles[view]!, s)) / (radius / 5))
      }
    }
  return error
}

describe('project', () => {
  it('gives the chord lengths of a disc at every angle within 0.5 % of the longest', () => {
    const sinogram = project(disc(9.3, -4.1, 14), geometry, motionless, angles)
    expect(worst(sinogram, () => [9.3, -4.1], 14)).toBeLessThan(0.005)
  })

  it('keeps the mass of every view: the area of the disc within 0.1 %', () => {
    const sinogram = project(disc(9.3, -4.1, 14), geometry, motionless, angles)
    for (let view = 0; view < angles.length; view++) {
      let sum = 0
      for (let bin = 0; bin < geometry.size; bin++) sum += sinogram[(view * geometry.size + bin) * lanes]!
      const area = (sum * geometry.pixel) / 10
      expect(Math.abs(area / (Math.PI * 1.96) - 1)).toBeLessThan(0.001)
    }
  })

  it('moves the shadow as the limb is displaced and turned', () => {
    // From 60 degrees on the disc about (9.3, -4.1) is turned by 30 degrees about the axis and displaced by (1.3, -2.2).
    const motion: Motion = {
      events: [{ kind: 'jerk', start: 0.33, duration: 0.01, dx: 1.3, dy: -2.2, degrees: 30 }],
    }
    const sinogram = project(disc(9.3, -4.1, 14), geometry, motion, angles)
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]
    const moved: [number, number] = [c * 9.3 + s * 4.1 + 1.3, s * 9.3 - c * 4.1 - 2.2]
    expect(worst(sinogram, (theta) => (theta < 1 ? [9.3, -4.1] : moved), 14)).toBeLessThan(0.0075)
    expect(worst(sinogram, () => [9.3, -4.1], 14)).toBeGreaterThan(0.05)
  })

  it('sends the rays of the first view along the rows', () => {
    const slices = disc(0, 20, 3)
    const sinogram = project(slices, geometry, motionless, Float64Array.of(0))
    const peak = [...Array(geometry.size).keys()].reduce((a, b) =>
      sinogram[b * lanes]! > sinogram[a * lanes]! ? b : a,
    )
    expect(Math.abs((peak - (geometry.size - 1) / 2) * geometry.pixel - 20)).toBeLessThan(0.5)
  })
})

describe('the cast', () => {
  it('casts the bin-averaged shadow of an ellipse', () => {
    // Against a fine sum of 2ab sqrt(w^2 - s^2) / w^2 over the bin, across the edge too.
    const [a, b, theta, width] = [35, 27.5, 0.7, 0.4]
    const w2 = (a * Math.sin(theta)) ** 2 + (b * Math.cos(theta)) ** 2
    for (const s of [0, 10.2, Math.sqrt(w2) - 0.1, Math.sqrt(w2) + 0.1, 40]) {
      let sum = 0
      for (let k = 0; k < 10000; k++) {
        const t = s + ((k + 0.5) / 10000 - 0.5) * width
        sum += t * t < w2 ? (2 * a * b * Math.sqrt(w2 - t * t)) / w2 : 0
      }
      expect(ellipseShadow(a, b, theta, s, width)).toBeCloseTo(sum / 10000, 3)
    }
  })

  it('does not move with the limb', () => {
    const shell = { a: 30, b: 25, wall: 2, attenuation: 0.25 }
    const sinogram = new Float32Array(angles.length * geometry.size * lanes)
    addShell(sinogram, geometry, shell, angles)
    let sum = 0
    for (let bin = 0; bin < geometry.size; bin++) sum += sinogram[bin * lanes]!
    const area = Math.PI * (32 * 27 - 30 * 25)
    expect((sum * geometry.pixel * 10) / 0.25).toBeCloseTo(area, 0)
  })
})
