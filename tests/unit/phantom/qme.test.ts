import { describe, expect, it } from 'vitest'
import { motionEstimate } from '../../../src/main/domain/qme.ts'
import type { MotionEstimate } from '../../../src/main/domain/qme.ts'
import { limbOf, type Limb } from '../../../src/main/phantom/bone.ts'
import { motionless, poseAt, scaled } from '../../../src/main/phantom/motion.ts'
import type { Motion, MotionKind } from '../../../src/main/phantom/motion.ts'
import { simulateSlices } from '../../../src/main/phantom/scan.ts'
import { courseOf } from '../../../src/main/phantom/severity.ts'
import type { Site } from '../../../src/main/phantom/types.ts'

const [size, slices] = [96, 4]
/** A limb does not depend on how it moves. */
const limbs = new Map<string, Limb>()

function estimate(seed: string, site: Site, motion: Motion): MotionEstimate {
  const spec = {
    ...{ id: 'qme', seed, patientIndex: 1, measurementIndex: 1, site, side: 'left' as const },
    ...{ size, slices, views: 16, motion },
  }
  const key = `${seed}/${site}`
  const limb = limbs.get(key) ?? limbOf(spec)
  limbs.set(key, limb)
  const { motionViews } = simulateSlices(spec, 0, slices, limb)
  const view = (k: number) => Float64Array.from(motionViews.subarray(k * slices * size, (k + 1) * slices * size))
  return motionEstimate({ rows: slices, columns: size, zero: view(0), adjacent: view(1), opposite: view(2) })
}

/** A course of one kind that is not undone before the last view. */
function lasting(kind: MotionKind, site: Site): Motion {
  for (let k = 0; ; k++) {
    const course = courseOf(`lasting-${k}`, site, 3, kind)
    const { dx, dy, turn } = poseAt(course, 1)
    if (Math.abs(dx) + Math.abs(dy) > 0.2 || Math.abs(turn) > 0.01) return course
  }
}

describe('QME on the phantom', () => {
  it.each(['tibia', 'radius'] as const)('is 100 by NCC, and at its baseline by SSD, for a %s at rest', (site) => {
    for (const seed of ['a', 'b', 'c']) {
      const still = estimate(seed, site, motionless)
      // Noise alone: a thousandth of a per cent; the pair 180 degrees apart is as like as the one 0.24 apart.
      expect(Math.abs(still.qmeNCC! - 100)).toBeLessThan(0.002)
      expect(still.qmeSSD!).toBeGreaterThan(0.5)
      expect(still.qmeSSD!).toBeLessThan(1.5)
      expect(Math.abs(still.centre - (size - 1) / 2)).toBeLessThan(0.06)
    }
  })

  it.each(['drift', 'jerk', 'rotation'] as const)('follows a %s between its views monotonically', (kind) => {
    for (const site of ['tibia', 'radius'] as const) {
      const course = lasting(kind, site)
      const rising = [0, 0.25, 0.5, 1, 2, 4].map((factor) => estimate('m', site, scaled(course, factor)))
      rising.slice(1).forEach((e, i) => {
        expect(e.qmeSSD!).toBeGreaterThan(rising[i]!.qmeSSD!)
        expect(e.qmeNCC!).toBeLessThan(rising[i]!.qmeNCC!)
      })
      expect(rising.at(-1)!.qmeSSD!).toBeGreaterThan(20 * rising[0]!.qmeSSD!)
    }
  })

  it('cannot see a tremor, nor a twitch that is undone, between its views: they give what rest gives', () => {
    const tremor = courseOf('tremor', 'tibia', 5, 'tremor')
    const twitch: Motion = {
      events: [{ kind: 'jerk', start: 0.4, duration: 0.02, dx: 0, dy: 4, degrees: 0, hold: 0.2 }],
    }
    const still = estimate('t', 'tibia', motionless)
    for (const motion of [tremor, twitch]) expect(estimate('t', 'tibia', motion)).toEqual(still)
  })
})
