import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Scale } from '../../../src/preload/contract/common.ts'
import {
  cannotColour,
  gradeColour,
  gradeColours,
  inkOn,
  isRescan,
  luminance,
} from '../../../src/renderer/grades/colours.ts'

const scaleOf = (count: number, cut: number | null): Scale => ({
  grades: Array.from({ length: count }, (_, i) => ({ value: i + 1, word: `g${String(i + 1)}`, description: '' })),
  rescanFrom: cut,
})
const motion = scaleOf(5, 4)
const anyScale = fc
  .integer({ min: 2, max: 12 })
  .chain((count) => fc.tuple(fc.constant(count), fc.option(fc.integer({ min: 1, max: count }))))
  .map(([count, cut]) => scaleOf(count, cut))

type Rgb = [number, number, number]
const linear = (colour: string): Rgb =>
  [1, 3, 5].map((i) => {
    const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as Rgb

// Full dichromacy after Vienot, Brettel and Mollon (1999, Color Res Appl 24:243-252), in linear RGB.
const protanopia = ([r, g, b]: Rgb): Rgb => [
  0.11238 * r + 0.88762 * g,
  0.11238 * r + 0.88762 * g,
  0.00401 * (r - g) + b,
]
const deuteranopia = ([r, g, b]: Rgb): Rgb => [
  0.29275 * r + 0.70725 * g,
  0.29275 * r + 0.70725 * g,
  -0.02234 * (r - g) + b,
]
const distance = (a: Rgb, b: Rgb): number =>
  Math.hypot(...a.map((c, i) => Math.cbrt(Math.max(0, c)) - Math.cbrt(Math.max(0, b[i]!))))

describe('grade colours', () => {
  it('get darker with every grade, so that grey print keeps the order', () => {
    fc.assert(
      fc.property(anyScale, (scale) => {
        const side = (rescan: boolean): number[] =>
          gradeColours(scale)
            .filter((_, i) => isRescan(scale, scale.grades[i]!.value) === rescan)
            .map(luminance)
        for (const one of [side(false), side(true)])
          for (let i = 1; i < one.length; i++) expect(one[i]!).toBeLessThan(one[i - 1]!)
      }),
    )
    const l = gradeColours(motion).map(luminance)
    for (let i = 1; i < l.length; i++) expect(l[i]!).toBeLessThan(l[i - 1]!)
  })

  it('are all different, one a grade', () => {
    fc.assert(
      fc.property(anyScale, (scale) => {
        const colours = gradeColours(scale)
        expect(new Set(colours).size).toBe(scale.grades.length)
        for (const colour of colours) expect(colour).toMatch(/^#[0-9a-f]{6}$/)
      }),
    )
  })

  it('stay apart across the re-scan cut for people with protanopia and deuteranopia', () => {
    const [, , three, four] = gradeColours(motion)
    for (const seen of [protanopia, deuteranopia])
      expect(distance(seen(linear(three!)), seen(linear(four!)))).toBeGreaterThan(0.25)
  })

  it('carry ink that can be read: WCAG 2.2 contrast of 4.5 or more', () => {
    fc.assert(
      fc.property(anyScale, (scale) => {
        for (const colour of [...gradeColours(scale), cannotColour]) {
          const [a, b] = [luminance(colour), luminance(inkOn(colour))].sort((x, y) => y - x)
          expect((a! + 0.05) / (b! + 0.05)).toBeGreaterThanOrEqual(4.5)
        }
      }),
    )
  })

  it('know where the cut is and leave "cannot be graded" without a colour of the scale', () => {
    expect([1, 2, 3, 4, 5].map((grade) => isRescan(motion, grade))).toEqual([false, false, false, true, true])
    expect(isRescan(motion, null)).toBe(false)
    expect(isRescan(scaleOf(5, null), 5)).toBe(false)
    expect(gradeColour(motion, null)).toBe(cannotColour)
    expect(gradeColours(motion)).not.toContain(cannotColour)
  })
})
