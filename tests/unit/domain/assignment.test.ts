import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readerOrder, readersForScans } from '../../../src/main/domain/assignment.ts'

const scans = Array.from({ length: 200 }, (_, i) => `scan-${i}`)

describe('readerOrder', () => {
  it('is an order of the same scans, the same for the same seed, another for each reader', () => {
    const anna = readerOrder(scans, 'study:anna:1')
    expect([...anna].sort()).toEqual([...scans].sort())
    expect(readerOrder([...scans].reverse(), 'study:anna:1')).toEqual(anna)
    expect(readerOrder(scans, 'study:ben:1')).not.toEqual(anna)
    expect(readerOrder(scans, 'study:anna:2')).not.toEqual(anna)
    expect(anna).not.toEqual(scans)
  })

  it('shows each scan early as often as late', () => {
    const mean = (scan: string) => {
      let sum = 0
      for (let seed = 0; seed < 400; seed += 1) sum += readerOrder(scans.slice(0, 9), `${seed}`).indexOf(scan)
      return sum / 400
    }
    for (const scan of scans.slice(0, 9)) expect(Math.abs(mean(scan) - 4)).toBeLessThan(0.55) // 4 standard errors
  })
})

describe('readersForScans', () => {
  it('gives every scan its readers and every reader as much work, give or take one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.string(),
        (readers, perScan, seed) => {
          const names = Array.from({ length: readers }, (_, i) => `r${i}`)
          const chosen = readersForScans(scans.slice(0, 40), names, perScan, seed)
          const load = new Map(names.map((name) => [name, 0]))
          for (const list of chosen.values()) {
            expect(new Set(list).size).toBe(Math.min(perScan, readers))
            for (const name of list) load.set(name, load.get(name)! + 1)
          }
          expect(chosen.size).toBe(40)
          expect(Math.max(...load.values()) - Math.min(...load.values())).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('evens out what readers already have', () => {
    const chosen = readersForScans(['x', 'y'], ['a', 'b'], 1, 's', new Map([['a', 5]]))
    expect([...chosen.values()]).toEqual([['b'], ['b']])
  })
})
