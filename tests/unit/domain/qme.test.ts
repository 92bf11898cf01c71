import { describe, expect, it } from 'vitest'
import { centreOfRotation } from '../../../src/main/domain/centre-of-rotation.ts'
import { motionEstimate } from '../../../src/main/domain/qme.ts'
import type { MotionViewSet } from '../../../src/main/domain/qme.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { normalisedCrossCorrelation, sumOfSquaredDifferences } from '../../../src/main/domain/view-pair.ts'

const f = [1, 2, 3, 4]
const g = [2, 2, 1, 6]

describe('equation 2.1', () => {
  it('gives SSD and NCC as worked by hand', () => {
    expect(sumOfSquaredDifferences(f, g)).toBe(1 + 0 + 4 + 4)
    // 2 + 4 + 3 + 24 = 33; 1 + 4 + 9 + 16 = 30; 4 + 4 + 1 + 36 = 45.
    expect(normalisedCrossCorrelation(f, g)).toBeCloseTo(33 / Math.sqrt(30 * 45), 15)
    expect(normalisedCrossCorrelation(f, [0, 0, 0, 0])).toBeNull()
  })
})

/** Rows of views whose mirror is exact: the centre lies in the middle. */
function views(zero: number[], adjacent: number[], opposite: number[], rows = 1): MotionViewSet {
  return {
    ...{ rows, columns: zero.length / rows },
    ...{ zero: Float64Array.from(zero), adjacent: Float64Array.from(adjacent), opposite: Float64Array.from(opposite) },
  }
}

describe('equation 2.2', () => {
  it('normalises 0 against mirrored 180 degrees by 0 against 0.24, the root and the 100 as printed', () => {
    const e = motionEstimate(views(f, [1, 2, 3, 5], [...g].reverse()), 1.5)
    expect(e.ssd).toEqual({ opposite: 9, adjacent: 1 })
    const near = (1 + 4 + 9 + 20) / Math.sqrt(30 * 39)
    expect(e.ncc.opposite).toBeCloseTo(33 / Math.sqrt(30 * 45), 14)
    expect(e.ncc.adjacent).toBeCloseTo(near, 14)
    expect(e.qmeSSD).toBe(9)
    expect(e.qmeNCC).toBeCloseTo(100 * Math.sqrt(33 / Math.sqrt(30 * 45) / near), 12)
    expect([e.centre, e.centreBy, e.reason]).toEqual([1.5, 'given', undefined])
  })

  it('mirrors each row of its own about another centre, over the columns that both views hold', () => {
    // About column 1: x -> 2 - x, columns 0 to 2; the last column has no mirror image.
    const e = motionEstimate(views([1, 2, 3, 9, 4, 5, 6, 9], [1, 2, 3, 0, 4, 5, 5, 0], [3, 2, 1, 7, 6, 5, 5, 7], 2), 1)
    expect(e.ssd).toEqual({ opposite: 1, adjacent: 1 })
  })

  it('is null with a reason where it is undefined, and refuses what is no projection', () => {
    const same = motionEstimate(views(f, f, [...g].reverse()), 1.5)
    expect(same.qmeSSD).toBeNull()
    expect(same.reason).toContain('SSD is 0')
    const empty = motionEstimate(views([0, 0, 0, 0], f, g), 1.5)
    expect([empty.qmeNCC, empty.ncc.opposite]).toEqual([null, null])
    expect(empty.reason).toContain('zero everywhere')
    expect(() => motionEstimate(views([1, NaN, 3, 4], f, g))).toThrow(
      expect.objectContaining({ code: 'bad-projections' }),
    )
    expect(() => motionEstimate(views(f, [1, 2], g))).toThrow(/holds 2 values/)
    expect(() => motionEstimate(views(f, f, g), 7)).toThrow(/centre must lie between/)
  })
})

/** Shadow of discs (middle, radius, density, in bins) about `centre` on a detector of `columns`, averaged over each bin. */
function shadow(columns: number, centre: number, discs: [number, number, number][]): number[] {
  const area = (s: number, r: number): number => {
    const u = Math.max(-r, Math.min(r, s))
    return u * Math.sqrt(r * r - u * u) + r * r * Math.asin(u / r)
  }
  return Array.from({ length: columns }, (_, x) =>
    discs.reduce((sum, [at, r, d]) => sum + d * (area(x + 0.5 - centre - at, r) - area(x - 0.5 - centre - at, r)), 0),
  )
}

describe('the centre of rotation', () => {
  const columns = 160
  const limb: [number, number, number][] = [
    [4, 42, 0.02],
    [11, 17, 0.05],
  ]
  const cast: [number, number, number][] = [
    [0, 60, 0.02],
    [0, 57, -0.02],
  ]
  const mirror = (discs: [number, number, number][]) => discs.map(([at, r, d]): [number, number, number] => [-at, r, d])
  const pair = (centre: number, zero: [number, number, number][], opposite: [number, number, number][], noise = 0) => {
    const random = randomFrom(`centre/${centre}`)
    const rows = 6
    const noisy = (row: number[]): Float64Array =>
      Float64Array.from({ length: rows * columns }, (_, i) => row[i % columns]! + noise * random.normal())
    const [a, b] = [shadow(columns, centre, zero), shadow(columns, centre, opposite)]
    return { rows, columns, zero: noisy(a), opposite: noisy(b) }
  }

  it.each([79.5, 78.2, 81.37, 76.913])('is found within 0.02 of a bin at %s, in noise too', (centre) => {
    const zero = [...limb, ...cast]
    const opposite = [...mirror(limb), ...cast]
    const still = centreOfRotation(pair(centre, zero, opposite))
    expect(still.centreBy).toBe('silhouette')
    expect(Math.abs(still.centre - centre)).toBeLessThan(0.02)
    expect(Math.abs(centreOfRotation(pair(centre, zero, opposite, 0.005)).centre - centre)).toBeLessThan(0.02)
  })

  it('stays with the cast when the limb has moved, so that the motion is seen', () => {
    const moved = limb.map(([at, r, d]): [number, number, number] => [-(at + 5), r, d])
    const { zero, opposite, rows } = pair(81.37, [...limb, ...cast], [...moved, ...cast])
    const still = pair(81.37, [...limb, ...cast], [...mirror(limb), ...cast])
    const found = centreOfRotation({ rows, columns, zero, opposite })
    expect(Math.abs(found.centre - 81.37)).toBeLessThan(0.05)
    const adjacent = zero.map((value, i) => value + 0.01 * Math.sin(i))
    const motion = motionEstimate({ rows, columns, zero, adjacent, opposite })
    const rest = motionEstimate({ rows, columns, zero, adjacent, opposite: still.opposite })
    expect(rest.qmeNCC!).toBeGreaterThan(99.99)
    expect(motion.qmeNCC!).toBeLessThan(99.5)
    expect(motion.qmeSSD!).toBeGreaterThan(50 * rest.qmeSSD!)
  })

  it('is registered where the limb reaches beyond the detector and no silhouette is seen', () => {
    const wide: [number, number, number][] = [
      [0, 400, 0.002],
      [9, 30, 0.03],
      [-21, 8, 0.05],
    ]
    const found = centreOfRotation(pair(77.3, wide, mirror(wide)))
    expect(found.centreBy).toBe('registration')
    expect(Math.abs(found.centre - 77.3)).toBeLessThan(0.02)
  })
})
