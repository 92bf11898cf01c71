import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { keepEqual } from '../../../src/renderer/parts/keepEqual.ts'

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('a newer reply on top of an earlier one', () => {
  it('is the earlier one where nothing changed', () => {
    const before = { readers: [{ letter: 'A', days: [1, 2] }], rate: null }
    expect(keepEqual(before, copy(before))).toBe(before)
  })

  it('keeps the objects of the parts that did not change, and only those', () => {
    const before = {
      readers: [{ letter: 'A' }, { letter: 'B' }],
      kappa: { estimate: 0.4, ci: null as number[] | null },
    }
    const now = keepEqual(before, { ...copy(before), kappa: { estimate: 0.4, ci: [0.3, 0.5] } })
    expect(now.readers).toBe(before.readers)
    expect(now.kappa).toEqual({ estimate: 0.4, ci: [0.3, 0.5] })
    expect(now.kappa).not.toBe(before.kappa)
  })

  it('takes no list for another that begins the same, and no missing part for an empty one', () => {
    expect(keepEqual([1, 2, 3], [1, 2])).toEqual([1, 2])
    expect(keepEqual({ 0: 1 }, [1])).toEqual([1])
    expect(keepEqual<unknown>({ a: 1 }, { b: undefined })).toEqual({ b: undefined })
    expect(keepEqual(null, { a: 1 })).toEqual({ a: 1 })
  })

  it('says what the newer one says, whatever both are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (some, now) => {
        // Replies come as JSON, which knows no -0.
        const before = copy(some)
        expect(keepEqual(before, copy(now))).toEqual(copy(now))
        expect(before).toEqual(copy(some))
      }),
    )
  })
})
