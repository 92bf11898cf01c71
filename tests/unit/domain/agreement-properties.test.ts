import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreementReport, ratingsFromTable, type Ratings } from '../../../src/main/domain/agreement/index.ts'

/** A text that contains `part`, inside an expected object. */
const text = (part: string) => expect.stringContaining(part) as string

const scale = [1, 2, 3, 4, 5]
const options = { rescanFrom: 4, bootstrap: 0, seed: 1 }
const vote = fc.option(fc.constantFrom(...scale), { freq: 5 })
const tableOf = (raters: number) =>
  fc.array(fc.array(vote, { minLength: raters, maxLength: raters }), { minLength: 1, maxLength: 14 })
const anyTable = fc.integer({ min: 1, max: 4 }).chain(tableOf)

const reportOf = (rows: (number | null)[][], categories = scale) =>
  agreementReport(ratingsFromTable(rows, categories), options)

/** What does not depend on how raters are numbered. */
const symmetric = (rows: (number | null)[][], categories?: number[]) => {
  const {
    percentAgreement,
    lightKappa,
    fleissKappa,
    fleissKappaAvailable,
    congerKappa,
    krippendorffAlpha,
    gwetAC1,
    gwetAC2,
    icc,
    kendallW,
    rescan,
    fullAgreementRate,
  } = reportOf(rows, categories)
  const { disagreementRate, count, n, ci } = rescan
  return {
    percentAgreement,
    lightKappa,
    fleissKappa,
    fleissKappaAvailable,
    congerKappa,
    krippendorffAlpha,
    gwetAC1,
    gwetAC2,
    icc,
    kendallW,
    rescan: { disagreementRate, count, n, ci },
    fullAgreementRate,
  }
}

/** Equal but for the last digits of sums taken in another order. */
function expectSame(a: unknown, b: unknown, path = ''): void {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Math.abs(a - b) > 1e-9 * Math.max(1, Math.abs(a))) throw new Error(`${path}: ${a} and ${b}`)
  } else if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    expect(Object.keys(a)).toEqual(Object.keys(b))
    for (const [key, value] of Object.entries(a))
      expectSame(value, (b as Record<string, unknown>)[key], `${path}.${key}`)
  } else if (a !== b) throw new Error(`${path}: ${String(a)} and ${String(b)}`)
}

describe('agreement, whatever the votes', () => {
  it('holds no NaN and no infinity, and beside each null estimate stands a reason', () => {
    const check = (value: unknown, path: string): void => {
      if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`)
      if (value === null || typeof value !== 'object') return
      const keys = Object.entries(value)
      // A reader's name is a key of perReaderRate; the reason stands beside the whole.
      const named = path.endsWith('.perReaderRate')
      if (!named && !Array.isArray(value) && Object.values(value).includes(null) && !('reason' in value))
        throw new Error(`${path} is null without a reason: ${JSON.stringify(value)}`)
      for (const [key, inner] of keys) check(inner, `${path}.${key}`)
    }
    fc.assert(
      fc.property(anyTable, (rows) => check(reportOf(rows), 'report')),
      { numRuns: 300 },
    )
  })

  it('does not change with the order of the subjects, bootstrap included', () => {
    fc.assert(
      fc.property(
        tableOf(3).chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, shuffled]) => {
          const of = (list: (number | null)[][]) =>
            agreementReport(ratingsFromTable(list, scale), { ...options, bootstrap: 20 })
          expect(of(shuffled)).toEqual(of(rows))
        },
      ),
    )
  })

  it('does not change with the order of the readers', () => {
    fc.assert(
      fc.property(tableOf(3), fc.constantFrom([1, 0, 2], [2, 0, 1], [2, 1, 0]), (rows, order) =>
        expectSame(symmetric(rows.map((row) => order.map((r) => row[r]!))), symmetric(rows)),
      ),
    )
  })

  it('does not change when all grades move by the same step', () => {
    fc.assert(
      fc.property(tableOf(3), (rows) => {
        const moved = rows.map((row) => row.map((grade) => (grade === null ? null : grade + 3)))
        const at = (list: (number | null)[][], add: number) => {
          const { categories: _, ...rest } = agreementReport(
            ratingsFromTable(
              list,
              scale.map((grade) => grade + add),
            ),
            { ...options, rescanFrom: 4 + add },
          )
          return { ...rest, fleissKappa: { ...rest.fleissKappa, perCategory: [] } }
        }
        expectSame(at(moved, 3), at(rows, 0))
      }),
    )
  })

  it('the nominal ones do not change when grades trade names', () => {
    fc.assert(
      fc.property(tableOf(3), fc.shuffledSubarray(scale, { minLength: 5 }), (rows, names) => {
        const renamed = rows.map((row) => row.map((grade) => (grade === null ? null : names[grade - 1]!)))
        const nominal = (list: (number | null)[][]) => {
          const {
            percentAgreement,
            lightKappa,
            fleissKappa,
            fleissKappaAvailable,
            congerKappa,
            krippendorffAlpha,
            gwetAC1,
          } = symmetric(list)
          return {
            percentAgreement,
            light: lightKappa.none,
            fleiss: { ...fleissKappa, perCategory: [] },
            fleissKappaAvailable,
            congerKappa,
            alpha: krippendorffAlpha.nominal,
            gwetAC1,
          }
        }
        expectSame(nominal(renamed), nominal(rows))
      }),
    )
  })

  it('does not change when a subject is added on which nobody voted', () => {
    fc.assert(
      fc.property(tableOf(3), (rows) => {
        const { subjects, ...rest } = reportOf(rows)
        const { subjects: more, ...same } = reportOf([...rows, [null, null, null]])
        expect(more).toBe(subjects + 1)
        expect(same).toEqual(rest)
      }),
    )
  })

  it('perfect agreement is 1, or undefined with a reason where all votes are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...scale), { minLength: 2, maxLength: 12 }), (grades) => {
        const report = reportOf(grades.map((grade) => [grade, grade, grade]))
        const oneGrade = new Set(grades).size === 1
        expect(report.percentAgreement).toEqual({ allRaters: 1, pairwise: 1 })
        expect(report.fullAgreementRate).toBe(1)
        expect(report.gwetAC1.estimate).toBe(1)
        expect(report.rescan.disagreementRate).toBe(0)
        const chance = [
          report.fleissKappa,
          report.fleissKappaAvailable,
          report.congerKappa,
          ...Object.values(report.krippendorffAlpha),
          ...Object.values(report.lightKappa),
          ...Object.values(report.icc),
          report.kendallW,
        ]
        for (const statistic of chance) {
          if (oneGrade) expect(statistic).toMatchObject({ estimate: null, reason: text('cannot') })
          else expect(statistic.estimate).toBeCloseTo(1, 12)
        }
      }),
    )
  })

  it('is defined by the declared scale, not by the grades that occur', () => {
    const rows = [
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 1],
      [1, 1],
    ]
    expect(reportOf(rows).gwetAC1.estimate).not.toBeCloseTo(reportOf(rows, [1, 2]).gwetAC1.estimate!, 3)
    expect(reportOf(rows).confusion[0]!.matrix).toHaveLength(5)
  })
})

describe('bootstrap', () => {
  const rows = Array.from({ length: 60 }, (_, i) => [1 + (i % 5), 1 + ((i * i) % 5), 1 + (i % 4)])
  const withSeed = (seed: number, clusters: Int32Array | null = null) => {
    const ratings: Ratings = { ...ratingsFromTable(rows, scale), clusters }
    return agreementReport(ratings, { rescanFrom: 4, bootstrap: 400, seed })
  }

  it('gives the same interval for the same seed, another for another', () => {
    expect(withSeed(1)).toEqual(withSeed(1))
    expect(withSeed(2).krippendorffAlpha.ordinal.ci).not.toEqual(withSeed(1).krippendorffAlpha.ordinal.ci)
    const { estimate, ci } = withSeed(1).krippendorffAlpha.ordinal
    expect(ci![0]).toBeLessThan(estimate!)
    expect(ci![1]).toBeGreaterThan(estimate!)
  })

  it('is wider by patient where a patient has many scans alike, and then serves the re-scan rate', () => {
    const alike = rows.map((row) => row)
    const sorted = ratingsFromTable(alike, scale)
    const order = [...sorted.subjects.keys()].sort((a, b) => Number(disagrees(a)) - Number(disagrees(b)))
    const codes = new Int8Array(order.flatMap((s) => Array.from(sorted.codes.subarray(s * 3, s * 3 + 3))))
    const clusters = Int32Array.from(order, (_, i) => Math.floor(i / 10))
    const report = agreementReport({ ...sorted, codes, clusters }, { rescanFrom: 4, bootstrap: 1000, seed: 1 })
    const plain = agreementReport({ ...sorted, codes }, { rescanFrom: 4, bootstrap: 1000, seed: 1 })
    const width = (ci: readonly number[] | null) => ci![1]! - ci![0]!
    expect(report.rescan.interval).toBe('bootstrap by patient')
    expect(plain.rescan.interval).toBe('Wilson')
    expect(width(report.rescan.ci)).toBeGreaterThan(1.5 * width(plain.rescan.ci))
  })

  it('leaves bootstrap intervals null, with the reason, when none is asked for', () => {
    const report = agreementReport(ratingsFromTable(rows, scale), options)
    expect(report.krippendorffAlpha.nominal).toMatchObject({ ci: null, reason: text('bootstrap') })
    expect(report.rescan.ci).not.toBeNull()
  })

  function disagrees(s: number): boolean {
    const above = rows[s]!.filter((grade) => grade >= 4).length
    return above > 0 && above < 3
  }
})
