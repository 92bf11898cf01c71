import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdOutSplit, nestedFolds, type HoldOut, type HoldOutItem } from '../../../src/main/domain/hold-out.ts'

const sites = ['tibia', 'radius'] as const

/** Patients with one to four scans each, at either site, over four years. */
const items = fc
  .array(
    fc.array(
      fc.record({
        label: fc.integer({ min: 1, max: 5 }),
        site: fc.constantFrom(...sites),
        year: fc.integer({ min: 2020, max: 2023 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 8, maxLength: 40 },
  )
  .map((patients) =>
    patients.flatMap((scans, p) =>
      scans.map(({ label, site, year }, s): HoldOutItem => ({
        ...{ id: `${p}/${s}`, patient: `P${p}`, label, site },
        date: `${year}-06-0${1 + s}`,
      })),
    ),
  )

const shares = { validation: 0.2, test: 0.2, seed: 1 }
const ways: HoldOut[] = [
  { by: 'patients' },
  { by: 'date', from: '2022-01-01' },
  { by: 'site', site: 'radius' },
  { by: 'fold', folds: 3, fold: 1 },
]

/** Null where these very scans cannot be split so, which has a code of its own. */
function attempt(list: HoldOutItem[], way: HoldOut): ReturnType<typeof holdOutSplit> | null {
  try {
    return holdOutSplit(list, way, shares)
  } catch (error) {
    expect((error as { code: string }).code).toMatch(/^split-/)
    return null
  }
}

describe.each(ways)('holding out by $by', (way) => {
  it('never has a patient in two parts', () => {
    let split = 0
    fc.assert(
      fc.property(items, (list) => {
        const placed = attempt(list, way)
        if (!placed) return
        split++
        const partOf = new Map<string, string>()
        for (const { id, patient } of list) {
          const part = placed.get(id)
          if (part === undefined) continue
          expect(partOf.get(patient) ?? part).toBe(part)
          partOf.set(patient, part)
        }
        const parts = new Set(placed.values())
        expect(parts.has('train') && parts.has('test')).toBe(true)
      }),
    )
    expect(split).toBeGreaterThan(10)
  })
})

/** `n` patients with two scans each. */
const cohort = (n: number, of: (p: number, s: number) => Partial<HoldOutItem> = () => ({})): HoldOutItem[] =>
  Array.from({ length: 2 * n }, (_, i) => {
    const [p, s] = [i >> 1, i & 1]
    return { id: `s${i}`, patient: `p${p}`, label: 1 + (p % 2), site: sites[s]!, date: '2023-01-01', ...of(p, s) }
  })

describe('a part is what it says', () => {
  it('by date: nothing from that day on is trained on', () => {
    const list = cohort(20, (p, s) => ({ date: p < 10 ? (s ? '2024-05-01' : '2023-05-01') : '2024-06-01' }))
    const placed = holdOutSplit(list, { by: 'date', from: '2024-01-01' }, shares)
    for (const { id, date, patient } of list) {
      const part = placed.get(id)
      if (date! < '2024-01-01') expect(part).toMatch(/train|validation/)
      // A patient known before comes again: neither trained on nor tested.
      else expect(part).toBe(Number(patient.slice(1)) < 10 ? undefined : 'test')
    }
  })

  it('by site: only that site is tested, only others are learned from', () => {
    const list = cohort(20)
    const placed = holdOutSplit(list, { by: 'site', site: 'radius' }, { ...shares, test: 0.5 })
    for (const { id, site } of list) if (placed.has(id)) expect(placed.get(id) === 'test').toBe(site === 'radius')
    expect([...placed.values()].filter((part) => part === 'test').length).toBeGreaterThanOrEqual(8)
  })

  it('by fold: every scan is tested in exactly one', () => {
    const list = cohort(20)
    const tested = [0, 1, 2, 3, 4].flatMap((fold) =>
      [...holdOutSplit(list, { by: 'fold', folds: 5, fold }, shares)].filter(([, part]) => part === 'test'),
    )
    expect(tested.map(([id]) => id).sort()).toEqual(list.map(({ id }) => id).sort())
  })
})

describe('what cannot be split is refused', () => {
  it.each<[string, HoldOutItem[], HoldOut]>([
    ['split-no-date', cohort(4, (p) => (p === 1 ? { date: null } : {})), { by: 'date', from: '2023-01-01' }],
    ['split-nobody-before', cohort(4), { by: 'date', from: '2023-01-01' }],
    ['split-nobody-after', cohort(4), { by: 'date', from: '2025-01-01' }],
    ['split-no-site', cohort(4), { by: 'site', site: 'calcaneus' }],
    ['split-no-site', cohort(4, () => ({ site: 'tibia' })), { by: 'site', site: 'tibia' }],
    ['split-class-too-few-patients', cohort(9, (p) => ({ label: p < 3 ? 5 : 1 })), { by: 'fold', folds: 4, fold: 0 }],
    ['split-too-few-patients', cohort(1), { by: 'patients' }],
  ])('%s', (code, list, way) => {
    expect(() => holdOutSplit(list, way, shares)).toThrow(expect.objectContaining({ code }))
  })

  it('with the figures: which grade, how many patients, how many folds', () => {
    const list = cohort(9, (p) => ({ label: p < 3 ? 5 : 1 }))
    expect(() => holdOutSplit(list, { by: 'fold', folds: 4, fold: 0 }, shares)).toThrow(
      /Grade 5 occurs in 3 patients, fewer than the 4 folds/,
    )
  })
})

const common = (a: Set<string>, b: Set<string>): string[] => [...a].filter((one) => b.has(one))

describe('nested cross-validation', () => {
  it('has no patient of the tested scans in the inner folds, and none in two inner parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 30 }), fc.integer({ min: 2, max: 4 }), (n, inner) => {
        const list = cohort(n)
        const patients = (ids: string[]): Set<string> =>
          new Set(ids.map((id) => list.find((item) => item.id === id)!.patient))
        const folds = nestedFolds(list, { outer: 3, inner, seed: 1 })
        expect(folds.flatMap(({ test }) => test).sort()).toEqual(list.map(({ id }) => id).sort())
        for (const fold of folds) {
          expect(common(patients(fold.test), patients(fold.learned))).toEqual([])
          for (const { train, validation } of fold.inner) {
            expect(common(patients(train), patients(validation))).toEqual([])
            expect([...train, ...validation].sort()).toEqual([...fold.learned].sort())
          }
        }
      }),
    )
  })
})
