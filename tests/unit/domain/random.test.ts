import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../../src/main/domain/random.ts'

describe('randomFrom', () => {
  it('repeats its sequence from the same seed and not from another', () => {
    const draw = (seed: string | number) => Array.from({ length: 8 }, randomFrom(seed).uniform)
    expect(draw('a')).toEqual(draw('a'))
    expect(draw(7)).toEqual(draw('7'))
    expect(draw('a')).not.toEqual(draw('b'))
  })

  it('has the moments of the uniform and the normal law', () => {
    const random = randomFrom('moments')
    const n = 200000
    let u = 0
    let m = 0
    let v = 0
    for (let i = 0; i < n; i++) {
      u += random.uniform()
      const z = random.normal()
      m += z
      v += z * z
    }
    // Five standard errors.
    expect(Math.abs(u / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n))
    expect(Math.abs(m / n)).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(v / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
  })

  it('shuffles every item to every place equally often', () => {
    const random = randomFrom('shuffle')
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0])
    const rounds = 20000
    for (let i = 0; i < rounds; i++)
      random.shuffle([0, 1, 2, 3]).forEach((item, place) => (counts[item]![place] = counts[item]![place]! + 1))
    for (const row of counts)
      for (const count of row)
        expect(Math.abs(count / rounds - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / rounds))
  })

  it('keeps integers in their range and refuses a senseless one', () => {
    const random = randomFrom('integer')
    const seen = new Set(Array.from({ length: 400 }, () => random.integer(7)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(() => random.integer(0)).toThrow(RangeError)
    expect(() => random.integer(1.5)).toThrow(RangeError)
  })
})
