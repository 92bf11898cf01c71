import { describe, expect, it } from 'vitest'
import {
  brighten,
  derive,
  derivedIn,
  rotate,
  sharpen,
  towardsEqualised,
} from '../../../src/main/domain/augmentation-sets.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'

const random = randomFrom('sets')
const picture = { edge: 16, pixels: Float32Array.from({ length: 256 }, () => 0.3 + 0.3 * random.uniform()) }
const spread = (pixels: Float32Array): number => Math.max(...pixels) - Math.min(...pixels)

describe('the 2021 paper sets', () => {
  it('turn 174 pictures into 696, 1392 and 1566', () => {
    const count = (set: 'N' | 'A' | 'B' | 'C'): number => 174 * derivedIn[set].length
    expect([count('N'), count('A'), count('B'), count('C')]).toEqual([174, 696, 1392, 1566])
  })

  it('hold no derivative twice, and differ from the original and from one another', () => {
    const texts = derivedIn.C.map((how) => Array.from(derive(picture, how).pixels).join())
    expect(new Set(texts).size).toBe(9)
    expect(texts.at(-1)).toBe(Array.from(picture.pixels).join())
  })

  it('rotates clockwise by quarters', () => {
    const small = { edge: 2, pixels: Float32Array.of(1, 2, 3, 4) }
    expect(Array.from(rotate(small, 1).pixels)).toEqual([3, 1, 4, 2])
    expect(Array.from(rotate(small, 2).pixels)).toEqual([4, 3, 2, 1])
    expect(Array.from(rotate(small, 3).pixels)).toEqual([2, 4, 1, 3])
  })

  it('has more contrast where it goes to the even histogram, less where it goes away from it', () => {
    expect(spread(towardsEqualised(picture, 0.3).pixels)).toBeGreaterThan(spread(picture.pixels))
    expect(spread(towardsEqualised(picture, -0.2).pixels)).toBeLessThan(spread(picture.pixels))
    const even = towardsEqualised(picture, 1).pixels
    expect(Math.min(...even)).toBe(0)
    expect(Math.max(...even)).toBe(1)
    // A flat picture has no contrast to raise.
    const flat = { edge: 4, pixels: new Float32Array(16).fill(0.5) }
    expect(towardsEqualised(flat, 0.3).pixels).toEqual(flat.pixels)
  })

  it('multiplies brightness and cuts at white', () => {
    expect(Array.from(brighten({ edge: 1, pixels: Float32Array.of(0.5) }, 1.2).pixels)[0]).toBeCloseTo(0.6, 6)
    expect(Array.from(brighten({ edge: 1, pixels: Float32Array.of(0.9) }, 1.2).pixels)[0]).toBe(1)
  })

  it('sharpens edges and leaves flat parts alone', () => {
    const step = { edge: 32, pixels: Float32Array.from({ length: 1024 }, (_, i) => (i % 32 < 16 ? 0.4 : 0.6)) }
    const { pixels } = sharpen(step, 0.5, 3)
    expect(pixels[16 * 32]).toBeCloseTo(0.4, 4)
    // Next to the edge the blurred picture lies near the middle: half of the difference is added.
    expect(pixels[16 * 32 + 15]).toBeLessThan(0.37)
    expect(pixels[16 * 32 + 16]).toBeGreaterThan(0.63)
  })
})
