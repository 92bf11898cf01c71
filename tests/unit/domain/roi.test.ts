import { describe, expect, it } from 'vitest'
import { cutRoi, roiEdge, roiInside } from '../../../src/main/domain/roi.ts'

const ramp = (width: number, height: number) => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, i) => (i % width) + 1000 * Math.floor(i / width)),
})

describe('the region of interest', () => {
  it('is 1.6 cm by the size of the pixels, and refused where that is not known or not square', () => {
    expect(roiEdge([0.05, 0.05])).toBe(320)
    expect(() => roiEdge(null)).toThrow(expect.objectContaining({ code: 'roi-no-spacing' }))
    expect(() => roiEdge([0.05, 0.1])).toThrow(expect.objectContaining({ code: 'roi-uneven-spacing' }))
  })

  it('is moved inside the picture where it reaches over the edge, and refused where it cannot fit', () => {
    expect(roiInside({ x: 0, y: 500, edge: 100 }, 200, 300)).toEqual({ x: 49.5, y: 249.5, edge: 100 })
    expect(() => roiInside({ x: 0, y: 0, edge: 201 }, 200, 300)).toThrow(
      expect.objectContaining({ code: 'roi-too-large' }),
    )
    expect(() => cutRoi(ramp(20, 20), { x: 3, y: 10, edge: 10 })).toThrow(
      expect.objectContaining({ code: 'roi-outside' }),
    )
  })

  it('takes the pixels as they are at their own size', () => {
    const cut = cutRoi(ramp(20, 20), { x: 9.5, y: 6.5, edge: 4 }, 4)
    expect(Array.from(cut.subarray(0, 5))).toEqual([5008, 5009, 5010, 5011, 6008].map((value) => value - 0))
  })

  it('keeps a ramp a ramp when it grows or shrinks', () => {
    for (const [edge, size] of [
      [10, 20],
      [12, 4],
      [15, 4],
    ] as const) {
      const cut = cutRoi(ramp(40, 40), { x: 19.5, y: 20.5, edge }, size)
      const step = edge / size
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const x = 19.5 - edge / 2 + (column + 0.5) * step
          const y = 20.5 - edge / 2 + (row + 0.5) * step
          expect(cut[row * size + column]).toBeCloseTo(x + 1000 * y, 1)
        }
      }
    }
  })
})
