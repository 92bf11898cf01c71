import { effectScope, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Region, RegionPlace } from '../../../src/preload/contract/regions.ts'
import { beginning, clamped, cutSquare, edgeOf } from '../../../src/renderer/region/geometry.ts'
import reference from '../../fixtures/roi-reference.json' with { type: 'json' }
import { useRegion, type Subject } from '../../../src/renderer/region/useRegion.ts'

describe('the square on the page', () => {
  it('is cut as the main process cuts it for a network', () => {
    const { width, height, pixels } = reference
    const image = { values: Uint16Array.from(pixels), width, height, spacing: [1, 1] as [number, number] }
    for (const { x, y, edge, size, linear } of reference.cases) {
      const cut = cutSquare({ ...image, components: 1 }, { x, y, edge }, size)
      cut.forEach((value, i) => expect(Math.abs(value - linear[i]!)).toBeLessThan(1e-2))
    }
  })

  it('of a colour picture is its grey', () => {
    const values = Uint8Array.from({ length: 3 * 16 }, (_, i) => [200, 100, 50][i % 3]!)
    const image = { values, width: 4, height: 4, spacing: [1, 1] as [number, number], components: 3 as const }
    expect(cutSquare(image, { x: 1.5, y: 1.5, edge: 2 }, 2)[0]).toBeCloseTo(0.299 * 200 + 0.587 * 100 + 0.114 * 50, 4)
  })

  it('stays on the picture, begins where the one before lay, and as its mirror image on the other side', () => {
    expect(edgeOf(0.05)).toBe(320)
    expect(clamped([0, 1000], 320, [700, 500, 1])).toEqual([159.5, 339.5])
    expect(beginning([700, 500, 1], 'left', null)).toEqual([349.5, 249.5])
    const habit = { across: 0.25, down: 0.5, side: 'right' }
    expect(beginning([700, 500, 1], 'right', habit)).toEqual([175, 250])
    expect(beginning([700, 500, 1], 'left', habit)).toEqual([525, 250])
    expect(beginning([700, 500, 1], 'unknown', habit)).toEqual([175, 250])
  })
})

describe('placing it', () => {
  function placing(subject: Partial<Subject> = {}) {
    const sent: RegionPlace[] = []
    const now = shallowRef<Subject | null>({
      ...{ key: 'a', dims: [700, 500, 1], side: 'right', spacing: 0.05, saved: null },
      save: (place) => {
        sent.push(place)
        const region = { ...place, edgeMm: 16, edge: 320, rotation: 0, revision: sent.length, placedAt: '' }
        return Promise.resolve({ ...region, spacing: place.spacing ?? 0.05, spacingFrom: 'file' } as Region)
      },
      ...subject,
    })
    const hands = effectScope().run(() => useRegion(() => now.value))!
    return { hands, now, sent }
  }

  it('sends a place only when it is kept, and takes it back to what was kept', async () => {
    const { hands, sent } = placing()
    expect(hands.square.value).toBeNull()
    hands.move(10, -1)
    expect(hands.square.value).toEqual({ x: 359.5, y: 248.5, edge: 320 })
    expect(sent).toEqual([])
    expect(await hands.keep()).toBe(true)
    expect(sent).toEqual([{ x: 359.5, y: 248.5, spacing: null, inverted: false }])
    hands.move(5, 0)
    expect(hands.moved.value).toBe(true)
    // Nothing is sent where nothing was moved.
    hands.put([359.5, 248.5])
    expect(await hands.keep()).toBe(true)
    expect(sent).toHaveLength(2)
    expect(await hands.keep()).toBe(true)
    expect(sent).toHaveLength(2)
  })

  it('waits for the size of a pixel where the file does not say it, and says when it cannot be', async () => {
    const { hands, sent } = placing({ spacing: null })
    hands.begin()
    expect(hands.trouble.value).toBe('no-spacing')
    expect(hands.square.value).toBeNull()
    expect(await hands.keep()).toBe(false)
    hands.assume(0.01)
    expect(hands.trouble.value).toBe('too-large')
    hands.assume(0.1)
    expect(hands.square.value?.edge).toBe(160)
    expect(await hands.keep()).toBe(true)
    expect(sent).toEqual([{ x: 349.5, y: 249.5, spacing: 0.1, inverted: false }])
  })

  it('starts anew on the next radiograph and keeps a refusal to be read', async () => {
    const { hands, now } = placing()
    hands.move(1, 0)
    const refused = { save: () => Promise.reject(Object.assign(new Error('no'), { code: 'roi-fixed' })) }
    now.value = { ...now.value, ...refused } as Subject
    expect(await hands.keep()).toBe(false)
    expect(hands.failure.value).not.toBeNull()
    expect(hands.moved.value).toBe(true)
    now.value = { ...now.value, key: 'b' }
    expect(hands.failure.value).toBeNull()
    expect(hands.square.value).toBeNull()
  })
})
