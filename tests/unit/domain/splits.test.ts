import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patientFolds, patientSplit, type SplitItem } from '../../../src/main/domain/splits.ts'

/** Patients with one to five scans each, and a grade for each scan. */
const items = fc
  .array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), { minLength: 5, maxLength: 60 })
  .map((patients) =>
    patients.flatMap((labels, p) =>
      labels.map((label, s): SplitItem => ({ id: `${p}/${s}`, patient: `P${p}`, label })),
    ),
  )
const shares = { validation: 0.15, test: 0.15, seed: 1 }

function partsOfPatients<T>(list: readonly SplitItem[], placed: ReadonlyMap<string, T>): Set<T>[] {
  const parts = new Map<string, Set<T>>()
  for (const { id, patient } of list) {
    const of = parts.get(patient) ?? new Set<T>()
    parts.set(patient, of.add(placed.get(id)!))
  }
  return [...parts.values()]
}

describe('patientSplit', () => {
  it('never has a patient in two parts, places every scan, leaves no part empty', () => {
    fc.assert(
      fc.property(items, fc.integer(), (list, seed) => {
        const placed = patientSplit(list, { ...shares, seed })
        expect(placed.size).toBe(list.length)
        for (const parts of partsOfPatients(list, placed)) expect(parts.size).toBe(1)
        expect(new Set(placed.values())).toEqual(new Set(['train', 'validation', 'test']))
      }),
    )
  })

  it('never has a patient in two folds', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 2, max: 5 }), (list, k) => {
        const placed = patientFolds(list, k, 'seed')
        expect(placed.size).toBe(list.length)
        for (const folds of partsOfPatients(list, placed)) expect(folds.size).toBe(1)
        expect(new Set(placed.values()).size).toBe(k)
      }),
    )
  })

  it('does not depend on the order of the scans, but on the seed', () => {
    const list = Array.from({ length: 90 }, (_, i) => ({ id: `s${i}`, patient: `p${i >> 1}`, label: i % 5 }))
    const of = (order: SplitItem[], seed: number) =>
      Object.fromEntries([...patientSplit(order, { ...shares, seed })].sort(([a], [b]) => (a < b ? -1 : 1)))
    expect(of([...list].reverse(), 1)).toEqual(of(list, 1))
    expect(of(list, 2)).not.toEqual(of(list, 1))
  })

  it('spreads every label, the rare ones too', () => {
    const label = (i: number) => (i % 20 === 0 ? 5 : i % 10 === 5 ? 4 : 1 + (i % 3))
    const list = Array.from({ length: 400 }, (_, i) => ({
      id: `s${i}`,
      patient: `p${Math.floor(i / 2)}`,
      label: label(i),
    }))
    const placed = patientSplit(list, { validation: 0.2, test: 0.2, seed: 3 })
    for (const grade of [1, 2, 3, 4, 5]) {
      const all = list.filter((item) => item.label === grade)
      for (const part of ['validation', 'test'])
        expect(Math.abs(all.filter(({ id }) => placed.get(id) === part).length - 0.2 * all.length)).toBeLessThanOrEqual(
          2,
        )
    }
  })

  it('leaves out a part without a share', () => {
    const list = Array.from({ length: 10 }, (_, i) => ({ id: `s${i}`, patient: `p${i}`, label: null }))
    expect(new Set(patientSplit(list, { validation: 0.2, test: 0, seed: 1 }).values())).toEqual(
      new Set(['train', 'validation']),
    )
  })

  it('refuses too few patients, shares that leave nothing, a scan twice', () => {
    const one = { id: 'a', patient: 'p', label: 1 }
    const code = (make: () => unknown) => {
      try {
        make()
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'none'
    }
    expect(code(() => patientSplit([one, { ...one, id: 'b' }], shares))).toBe('split-too-few-patients')
    expect(code(() => patientSplit([one], { validation: 0.5, test: 0.5, seed: 1 }))).toBe('split-share')
    expect(code(() => patientSplit([one, one], shares))).toBe('split-duplicate-scan')
    expect(code(() => patientFolds([one], 1, 1))).toBe('split-share')
  })
})
