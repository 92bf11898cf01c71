import { describe, expect, it } from 'vitest'
import {
  agreementReport,
  conditionalRescanDisagreement,
  fullAgreement,
  ratingsFromTable,
  ratingsOf,
  rescanDisagreement,
  tabulate,
} from '../../../src/main/domain/agreement/index.ts'

/** A text that contains `part`, inside an expected object. */
const text = (part: string) => expect.stringContaining(part) as string

const scale = [1, 2, 3, 4, 5]
const options = { rescanFrom: 4, bootstrap: 0, seed: 1 }

describe('what is undefined says why', () => {
  it('one reader', () => {
    const report = agreementReport(ratingsFromTable([[1], [2]], scale), options)
    for (const one of [report.fleissKappa, report.gwetAC1, report.congerKappa, report.kendallW, report.icc['ICC(2,1)']])
      expect(one).toMatchObject({ estimate: null, reason: text('two readers') })
    expect(report.cohenKappa).toEqual([])
    expect(report.rescan.perReaderRate).toEqual({ R1: 0 })
  })

  it('one subject: values where the formula has one, no interval', () => {
    const report = agreementReport(ratingsFromTable([[2, 2, 3]], scale), options)
    expect(report.percentAgreement).toEqual({ allRaters: 0, pairwise: 1 / 3 })
    expect(report.fleissKappa.estimate).toBeCloseTo(1 - 2 / 3 / (4 / 9), 12)
    expect(report.gwetAC1).toMatchObject({ se: null, ci: null, reason: text('single scan') })
    expect(report.gwetAC1.estimate).not.toBeNull()
    expect(report.icc['ICC(1,1)']).toMatchObject({ estimate: null, reason: text('two scans') })
  })

  it('all votes equal', () => {
    const report = agreementReport(ratingsFromTable([[3, 3], [3, 3]], scale), options) // prettier-ignore
    expect(report.gwetAC1).toMatchObject({ estimate: 1, se: 0, ci: [1, 1] })
    expect(report.percentAgreement).toEqual({ allRaters: 1, pairwise: 1 })
    expect(report.cohenKappa[0]).toMatchObject({
      estimate: null,
      reason: text('all votes are equal'),
    })
  })

  it('no scan with every vote: the available ones are still given', () => {
    const report = agreementReport(ratingsFromTable([[1, 1, null], [null, 2, 2], [3, null, 4]], scale), options) // prettier-ignore
    expect(report.fleissKappa).toMatchObject({ estimate: null, n: 0, reason: text('every reader') })
    expect(report.percentAgreement).toMatchObject({ allRaters: null, pairwise: 2 / 3 })
    expect(report.fleissKappaAvailable.estimate).not.toBeNull()
    expect(report.krippendorffAlpha.nominal.units).toBe(3)
    expect(report.fullAgreementRate).toBeNull()
    expect(fullAgreement(tabulate(ratingsFromTable([[1, 1, null], [2, 3, 3]], scale)), 'two').rate).toBe(0.5) // prettier-ignore
  })

  it('a cut with grades on one side only', () => {
    const table = tabulate(ratingsFromTable([[1, 2]], [1, 2]))
    expect(rescanDisagreement(table, 4)).toMatchObject({ rate: null, reason: text('cut') })
    expect(rescanDisagreement(table, 2)).toMatchObject({ rate: 1, count: 1, n: 1 })
  })

  it('a perfect but varied table has no finite F', () => {
    const icc = agreementReport(ratingsFromTable([[1, 1], [2, 2], [4, 4]], scale), options).icc['ICC(3,1)'] // prettier-ignore
    expect(icc).toMatchObject({ estimate: 1, ci: [1, 1], f: null, p: 0, reason: text('infinite') })
  })
})

describe('re-scan', () => {
  const table = tabulate(
    ratingsFromTable(
      [
        [1, 1, 1],
        [3, 4, 4],
        [3, 3, 4],
        [5, 5, 4],
        [1, 4, null],
        [4, null, null],
      ],
      scale,
    ),
  )

  it('counts scans with two votes or more that fall on both sides of the cut', () => {
    expect(rescanDisagreement(table, 4)).toMatchObject({ count: 3, n: 5, rate: 0.6 })
  })

  it('by the rounded grade beside the cut: (1,4) rounds to 3 (half up), (5,5,4) to 5', () => {
    expect(conditionalRescanDisagreement(table, 4)).toMatchObject({ count: 3, n: 3, rate: 1 })
  })
})

describe('ratings', () => {
  it('sorts readers by name, numbers by value, and keeps subjects in order', () => {
    const vote = (subject: string, rater: string, grade: number | null) => ({ subject, rater, grade })
    const ratings = ratingsOf([vote('b', 'R10', 2), vote('a', 'R2', 3), vote('a', 'R10', null)], scale)
    expect(ratings.raters).toEqual(['R2', 'R10'])
    expect(ratings.subjects).toEqual(['b', 'a'])
    expect([...ratings.codes]).toEqual([-1, 1, 2, -1])
  })

  it('keeps names that look like parts of an object', () => {
    const ratings = ratingsOf([{ subject: '__proto__', rater: '__proto__', grade: 4 }], scale)
    const report = agreementReport(ratings, options)
    expect(Object.entries(report.rescan.perReaderRate)).toEqual([['__proto__', 1]])
  })

  it('counts rows of many readers by hash as by cell', () => {
    const rows = Array.from({ length: 30 }, (_, i) => Array.from({ length: 12 }, (_, j) => 1 + ((i * 7 + j * j) % 5)))
    const table = tabulate(ratingsFromTable(rows, scale))
    rows.forEach((row, s) => {
      const at = table.rowOf[s]! * 12
      expect([...table.codes.subarray(at, at + 12)]).toEqual(row.map((grade) => grade - 1))
    })
    expect(table.weights.reduce((a, b) => a + b, 0)).toBe(30)
  })
})
