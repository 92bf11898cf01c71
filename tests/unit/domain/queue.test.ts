import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codesFor, queueWith } from '../../../src/main/domain/queue.ts'

const ids = (n: number, name = 'scan') => Array.from({ length: n }, (_, i) => `${name}-${i}`)

describe('a queue with repeats and known cases', () => {
  it('holds each scan once, each repeat after the gap, each known case once, the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 12 }),
        fc.string(),
        (n, percent, gap, known, seed) => {
          const options = { share: percent / 100, gap, hidden: ids(known, 'known'), seed }
          const queue = queueWith(ids(n), options)
          expect(queueWith(ids(n), options)).toEqual(queue)
          const primary = queue.filter((one) => one.kind === 'primary').map((one) => one.id)
          // The reader's own order stays as it was.
          expect(primary).toEqual(ids(n))
          expect(
            queue
              .filter((one) => one.kind === 'hidden')
              .map((one) => one.id)
              .sort(),
          ).toEqual(ids(known, 'known').sort())
          const repeats = queue.filter((one) => one.kind === 'repeat')
          expect(new Set(repeats.map((one) => one.id)).size).toBe(repeats.length)
          const apart = Math.min(gap, Math.floor(n / 2))
          expect(repeats.length).toBe(Math.min(Math.round((percent / 100) * n), n - apart))
          for (const { id } of repeats) {
            const first = queue.findIndex((one) => one.id === id && one.kind === 'primary')
            const second = queue.findIndex((one) => one.id === id && one.kind === 'repeat')
            expect(second - first - 1).toBeGreaterThanOrEqual(apart)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('puts known cases anywhere alike: neither the start nor the end is likelier', () => {
    const n = 20
    const at = new Float64Array(n + 1)
    for (let seed = 0; seed < 4200; seed += 1)
      at[
        queueWith(ids(n), { share: 0, gap: 5, hidden: ['known'], seed: `${seed}` }).findIndex(
          (q) => q.kind === 'hidden',
        )
      ]! += 1
    // 21 places, 200 expected in each: chi-square with 20 degrees of freedom stays below its 99.9 % point.
    const chi2 = at.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)
    expect(chi2).toBeLessThan(45.3)
  })

  it('repeats other scans for other readers', () => {
    const repeated = (seed: string) =>
      queueWith(ids(60), { share: 0.1, gap: 10, hidden: [], seed })
        .filter((one) => one.kind === 'repeat')
        .map((one) => one.id)
        .sort()
    expect(repeated('study:anna:1')).not.toEqual(repeated('study:ben:1'))
  })
})

describe('codes', () => {
  it('are all different, the same for the same seed, and easy to read out', () => {
    const codes = codesFor(3000, 'study:anna')
    expect(new Set(codes).size).toBe(3000)
    expect(codesFor(3000, 'study:anna')).toEqual(codes)
    for (const code of codes) expect(code).toMatch(/^[A-HJ-NP-Z2-9]{3}-[A-HJ-NP-Z2-9]{3}$/)
  })
})
