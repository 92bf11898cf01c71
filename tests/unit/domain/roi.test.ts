import { describe, expect, it } from 'vitest'
import { cutRoi, meanRoi, requireInside, roiEdge, roiInside } from '../../../src/main/domain/roi.ts'
import reference from '../../fixtures/roi-reference.json' with { type: 'json' }

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

  it('is what SciPy makes of it, and away from its rim what Pillow does', () => {
    for (const { x, y, edge, size, linear, pillow } of reference.cases) {
      const cut = cutRoi(reference, { x, y, edge }, size)
      cut.forEach((value, i) => expect(Math.abs(value - linear[i]!)).toBeLessThan(1e-2))
      if (!pillow) continue
      // Pillow ends at the box's rim instead of looking beyond it.
      const within = (i: number): boolean => i > 1 && i < size - 2
      cut.forEach((value, i) => {
        if (within(i % size) && within(Math.floor(i / size))) expect(Math.abs(value - pillow[i]!)).toBeLessThan(0.05)
      })
    }
  })

  it('of pictures of several sizes has 400 x 400 pixels of 16 mm each', () => {
    for (const [width, height, spacing] of [
      [700, 500, 0.05],
      [300, 260, 0.1],
      [1900, 1700, 0.0104],
    ] as const) {
      const edge = roiEdge([spacing, spacing])
      const cut = cutRoi(ramp(width, height), { x: width / 2, y: height / 2, edge })
      expect(cut.length).toBe(400 * 400)
      // From the left border to the right one: 16 mm but one new pixel.
      expect((cut[399]! - cut[0]!) * spacing).toBeCloseTo(16 - 16 / 400, 2)
    }
  })

  it('must lie on the picture where it is given, and of several the mean is taken', () => {
    expect(requireInside({ x: 49.504, y: 60, edge: 100 }, 200, 300)).toEqual({ x: 49.504, y: 60, edge: 100 })
    expect(() => requireInside({ x: 49.4, y: 60, edge: 100 }, 200, 300)).toThrow(
      expect.objectContaining({ code: 'roi-outside' }),
    )
    expect(
      meanRoi([
        { x: 1, y: 2, edge: 10 },
        { x: 3, y: 8, edge: 20 },
      ]),
    ).toEqual({ x: 2, y: 5, edge: 15 })
  })
})
