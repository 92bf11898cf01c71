import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pixels } from '../../../src/renderer/viewer/paint.ts'
import type { VolumeHeader } from '../../../src/renderer/viewer/volume.ts'
import {
  brightness,
  carriedWindow,
  draggedWindow,
  nextPreset,
  presetWindow,
  storedWindow,
} from '../../../src/renderer/viewer/window-level.ts'

function volume(header: Partial<VolumeHeader>) {
  const whole: VolumeHeader = {
    ...{ dims: [4, 4, 4], components: 1, type: 'int16', slope: 1, intercept: 0, spacing: null, direction: null },
    ...{ oriented: false, unit: 'mgHA/cm3', min: -400, max: 1500, warnings: [] },
    ...header,
  }
  return { header: whole, percentiles: [-300, -200, 0, 700, 1100] as [number, number, number, number, number] }
}

describe('windows', () => {
  it('are the same on every scan of a known unit', () => {
    const a = presetWindow('streaks', volume({ min: -100, max: 90 }))
    const b = presetWindow('streaks', volume({ min: -4000, max: 9000 }))
    expect(a).toEqual(b)
    expect(presetWindow('bone', volume({})).level).not.toBe(a.level)
  })

  it('take the whole range for "full"', () => {
    expect(presetWindow('full', volume({}))).toEqual({ level: 550, width: 1900, preset: 'full' })
    expect(presetWindow('full', volume({ type: 'uint8', min: 7, max: 9 }))).toEqual({
      level: 127.5,
      width: 255,
      preset: 'full',
    })
  })

  it('take percentiles, after rescale, where the unit says nothing', () => {
    const raw = volume({ unit: 'raw', slope: 2, intercept: 10 })
    expect(presetWindow('bone', raw)).toEqual({ level: 810, width: 2800, preset: 'bone' })
  })

  it('never have no width', () => {
    expect(presetWindow('full', volume({ min: 3, max: 3 })).width).toBeGreaterThan(0)
    expect(presetWindow('full', volume({ min: null, max: null })).width).toBeGreaterThan(0)
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -5000, max: 5000 }), (dx, dy) => {
        const dragged = draggedWindow({ level: 100, width: 800, preset: 'bone' }, dx, dy, 4000)
        expect(dragged.width).toBeGreaterThan(0)
        expect(dragged.preset).toBeNull()
      }),
    )
  })

  it('widen to the right and rise downwards', () => {
    const dragged = draggedWindow({ level: 100, width: 800, preset: null }, 40, 20, 4000)
    expect(dragged.width).toBeGreaterThan(800)
    expect(dragged.level).toBeGreaterThan(100)
  })

  it('go round', () => {
    expect(nextPreset(null)).toBe('bone')
    expect(nextPreset('bone')).toBe('streaks')
    expect(nextPreset('streaks')).toBe('full')
    expect(nextPreset('full')).toBe('bone')
  })

  it('stay from scan to scan: the preset, or the own values where the unit is the same', () => {
    const next = volume({})
    const own = { level: 12, width: 34, preset: null }
    expect(carriedWindow({ window: { level: 1, width: 2, preset: 'streaks' }, unit: 'HU' }, next)).toEqual(
      presetWindow('streaks', next),
    )
    expect(carriedWindow({ window: own, unit: 'mgHA/cm3' }, next)).toEqual(own)
    expect(carriedWindow({ window: own, unit: 'HU' }, next)).toEqual(presetWindow('bone', next))
    expect(carriedWindow(null, volume({ type: 'uint8' })).preset).toBe('full')
  })

  it('mean the same for stored values', () => {
    const header = { slope: 0.5, intercept: -1000 }
    const stored = storedWindow({ level: 0, width: 100 }, header)
    expect(stored).toEqual({ level: 2000, width: 200, flipped: false })
    expect([1900, 2000, 2100].map((v) => brightness(v, stored, false))).toEqual([0, 128, 255])
    expect(brightness(1900, stored, true)).toBe(255)
    // A negative slope: the brighter value is the smaller stored one. MONOCHROME1: the smaller value is.
    const negative = storedWindow({ level: 0, width: 100 }, { slope: -1, intercept: 0 })
    expect(brightness(-50, negative, false)).toBe(255)
    expect(brightness(50, negative, false)).toBe(0)
    const white = storedWindow({ level: 0, width: 100 }, { slope: 1, intercept: 0, minIsWhite: true })
    expect([brightness(-50, white, false), brightness(50, white, false)]).toEqual([255, 0])
    expect([brightness(-50, white, true), brightness(50, white, true)]).toEqual([0, 255])
  })

  it('draw the contact sheet with the same brightness', () => {
    const window = { level: 40, width: 333, flipped: false }
    const values = Float32Array.from({ length: 200 }, (_, i) => i * 5 - 500)
    for (const inverted of [false, true]) {
      const drawn = pixels(values, 1, window, inverted)
      values.forEach((value, i) => {
        expect(Math.abs(drawn[i * 4]! - brightness(value, window, inverted))).toBeLessThanOrEqual(1)
        expect(drawn[i * 4 + 3]).toBe(255)
      })
    }
  })
})
