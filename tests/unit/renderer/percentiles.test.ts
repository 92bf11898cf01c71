import { describe, expect, it } from 'vitest'
import { blackenNotFinite, percentilesOf } from '../../../src/renderer/viewer/percentiles.ts'

describe('percentiles of a sample', () => {
  it('are exact for few voxels', () => {
    const voxels = Int16Array.from({ length: 1000 }, (_, i) => 999 - i)
    expect(percentilesOf(voxels, [0, 0.005, 0.5, 0.995, 1])).toEqual([0, 5, 500, 995, 999])
  })

  it('are near for many', () => {
    const voxels = Float32Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 10_000)
    const [low, middle, high] = percentilesOf(voxels, [0.05, 0.5, 0.95])
    expect(Math.abs(low! - 500)).toBeLessThan(100)
    expect(Math.abs(middle! - 5000)).toBeLessThan(100)
    expect(Math.abs(high! - 9500)).toBeLessThan(100)
  })

  it('leave out what is no number', () => {
    expect(percentilesOf(Float32Array.from([NaN, 3, Infinity, 5]), [0, 1])).toEqual([3, 5])
    expect(percentilesOf(Float32Array.from([NaN]), [0.5])).toEqual([0])
  })
})

describe('voxels that are no numbers', () => {
  it('become the smallest value, which is drawn black', () => {
    const voxels = Float32Array.from([4, NaN, -2, -Infinity, Infinity])
    expect(blackenNotFinite(voxels)).toBe(3)
    expect([...voxels]).toEqual([4, -2, -2, -2, -2])
  })

  it('are zero where there is no number at all, and integers are left alone', () => {
    const none = Float32Array.from([NaN, NaN])
    blackenNotFinite(none)
    expect([...none]).toEqual([0, 0])
    expect(blackenNotFinite(Int16Array.from([1, 2]))).toBe(0)
  })
})
