import { describe, expect, it } from 'vitest'
import { motionless, poseAt, scaled } from '../../../src/main/phantom/motion.ts'
import type { Motion, MotionKind } from '../../../src/main/phantom/motion.ts'
import { courseOf, gradeOf, measureOf, motionMeasure, severityOf } from '../../../src/main/phantom/severity.ts'

const kinds: MotionKind[] = ['drift', 'jerk', 'tremor', 'rotation']

describe('motion', () => {
  it('happens at its time and with its size', () => {
    const motion: Motion = {
      events: [
        { kind: 'jerk', start: 0.5, duration: 0.02, dx: 1, dy: -2, degrees: 3, hold: 0.1 },
        { kind: 'drift', start: 0.8, duration: 0.1, dx: 0.5, dy: 0, degrees: 0 },
      ],
    }
    expect(poseAt(motion, 0.49)).toEqual({ dx: 0, dy: 0, turn: 0 })
    const held = poseAt(motion, 0.56)
    expect(held.dx).toBeCloseTo(1)
    expect(held.dy).toBeCloseTo(-2)
    expect(held.turn).toBeCloseTo((3 * Math.PI) / 180)
    expect(poseAt(motion, 0.75).dy).toBeCloseTo(0)
    expect(poseAt(motion, 1).dx).toBeCloseTo(0.5)
  })
})

describe('the measure and the grade', () => {
  it('are 0 and 1 without motion, and for a limb that lay elsewhere all the time', () => {
    expect(motionMeasure(motionless, 'tibia')).toBe(0)
    expect(gradeOf(severityOf(0))).toBe(1)
    const elsewhere: Motion = { events: [{ kind: 'drift', start: -1, duration: 0.5, dx: 3, dy: -2, degrees: 0.5 }] }
    const measure = motionMeasure(elsewhere, 'radius')
    expect(measure).toBeLessThan(0.01)
    expect(gradeOf(severityOf(measure))).toBe(1)
  })

  it.each(kinds)('rise in proportion with a course of %s', (kind) => {
    for (const site of ['tibia', 'radius'] as const) {
      const course = courseOf(`rise-${kind}`, site, 2, kind)
      const once = motionMeasure(course, site)
      const sizes = [0.5, 1, 2, 4, 8].map((factor) => motionMeasure(scaled(course, factor), site) / once)
      sizes.forEach((size, i) => expect(size / [0.5, 1, 2, 4, 8][i]!).toBeCloseTo(1, 1))
    }
  })

  it('are monotone, and each the other’s inverse', () => {
    let last = 0
    for (let measure = 0; measure < 3; measure += 0.005) {
      const severity = severityOf(measure)
      expect(severity).toBeGreaterThanOrEqual(last)
      last = severity
    }
    expect([severityOf(0), last]).toEqual([0.5, 5.5])
    for (let s = 0.6; s < 5.5; s += 0.1) expect(severityOf(measureOf(s))).toBeCloseTo(s, 9)
  })

  it('belong to the course made for them', () => {
    for (const site of ['tibia', 'radius'] as const)
      for (let k = 0; k < 20; k++) {
        const severity = 0.6 + 0.24 * k
        const course = courseOf(`course-${k}`, site, severity)
        expect(severityOf(motionMeasure(course, site))).toBeCloseTo(severity, 2)
        expect(courseOf(`course-${k}`, site, severity)).toEqual(course)
      }
  })
})
