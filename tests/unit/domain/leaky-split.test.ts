import { describe, expect, it } from 'vitest'
import { leakyFolds, leakyTestPart } from '../../../src/main/domain/leaky-split.ts'

const items = (patients: number, derivatives: number) =>
  Array.from({ length: patients * derivatives }, (_, i) => ({
    id: `p${Math.floor(i / derivatives)}-${i % derivatives}`,
    label: Math.floor(i / derivatives) % 2,
  }))

describe('the leaky split', () => {
  it('tests on as many pictures as the paper does', () => {
    for (const [derivatives, each] of [
      [1, 17],
      [4, 70],
      [8, 139],
      [9, 157],
    ] as const) {
      const all = items(174, derivatives)
      const test = leakyTestPart(all, 0.2, 1)
      const ofLabel = (label: number): number => all.filter((item) => item.label === label && test.has(item.id)).length
      expect([ofLabel(0), ofLabel(1)]).toEqual([each, each])
    }
  })

  it('puts derivatives of one original on both sides: that is what leaks', () => {
    const all = items(174, 9)
    const test = leakyTestPart(all, 0.2, 1)
    const split = new Set(all.filter(({ id }) => test.has(id)).map(({ id }) => id.split('-')[0]))
    const learned = new Set(all.filter(({ id }) => !test.has(id)).map(({ id }) => id.split('-')[0]))
    expect([...split].filter((patient) => learned.has(patient)).length).toBeGreaterThan(100)
  })

  it('makes three folds of 522 pictures, each label evenly, the same for the same seed', () => {
    const all = items(174, 9)
    const folds = leakyFolds(all, 3, 'a')
    for (const fold of [0, 1, 2]) {
      const inside = all.filter(({ id }) => folds.get(id) === fold)
      expect(inside).toHaveLength(522)
      expect(inside.filter(({ label }) => label === 1)).toHaveLength(261)
    }
    expect(leakyFolds(all, 3, 'a')).toEqual(folds)
    expect(leakyFolds(all, 3, 'b')).not.toEqual(folds)
  })

  it('refuses a share that leaves nothing', () => {
    expect(() => leakyTestPart(items(4, 1), 1, 1)).toThrow(expect.objectContaining({ code: 'split-share' }))
    expect(() => leakyFolds(items(4, 1), 1, 1)).toThrow(expect.objectContaining({ code: 'split-share' }))
  })
})
