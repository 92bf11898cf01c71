import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balancedOrder, everyOnce } from '../../../src/main/learning/orders.ts'
import { stream } from '../../../src/main/learning/random.ts'

const count = (labels: number[]): Map<number, number> => {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

describe('the order of training slices', () => {
  it('has every slice once, in another order for another epoch', () => {
    const labels = [0, 0, 1, 2, 2, 2, 1, 0]
    const of = (epoch: number): number[] => everyOnce(labels, stream(1, 'order', epoch))
    expect([...of(1)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })

  it('balanced: as many slices as there are, in any batch as many of one class as of another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 80 }),
        fc.integer({ min: 1, max: 16 }),
        (labels, batch) => {
          const order = balancedOrder(labels, stream(3, 'order', 1))
          expect(order).toHaveLength(labels.length)
          const classes = new Set(labels).size
          for (let start = 0; start + batch <= order.length; start += batch) {
            const counts = count(order.slice(start, start + batch).map((index) => labels[index]!))
            // A batch may begin and end in the middle of a round of the classes.
            const most = Math.max(...counts.values())
            expect(most).toBeLessThanOrEqual(Math.ceil(batch / classes) + 1)
          }
          const all = count(order.map((index) => labels[index]!))
          expect(Math.max(...all.values()) - Math.min(...all.values())).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('balanced: takes every slice of a rare class before any comes again', () => {
    const labels = [...new Array<number>(40).fill(0), 1, 1, 1]
    const rare = balancedOrder(labels, stream(9, 'order', 1)).filter((index) => index >= 40)
    expect(rare.length).toBeGreaterThan(20)
    for (let start = 0; start + 3 <= rare.length; start += 3) expect(new Set(rare.slice(start, start + 3)).size).toBe(3)
  })
})
