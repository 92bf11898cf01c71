import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { agreementReport, iccForms, ratingsFromTable } from '../../../src/main/domain/agreement/index.ts'

/** Sixteen random tables, some with missing votes and uneven scales, and what other libraries make of them. */
type Reference = {
  categories: number[]
  rows: (number | null)[][]
  reference: Record<string, unknown> & {
    cohen: Record<string, Record<string, number>>
    icc: { estimate: number; f: number; p: number; ci: [number, number] }[]
  }
}
const file = new URL('../../fixtures/agreement-reference.json', import.meta.url)
const { tables, versions } = JSON.parse(readFileSync(file, 'utf8')) as {
  tables: Reference[]
  versions: Record<string, string>
}

describe(`other libraries (${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')})`, () => {
  it.each(tables.map((table, index) => [index, table] as const))('agree on table %i', (_, table) => {
    const ratings = ratingsFromTable(table.rows, table.categories)
    const report = agreementReport(ratings, { rescanFrom: null, bootstrap: 0, seed: 1 })
    const { reference } = table
    const same = (value: number | null, expected: unknown, digits = 11) =>
      expect(value).toBeCloseTo(expected as number, digits)
    for (const cohen of report.cohenKappa.slice(0, 3)) {
      const { estimate, se, seNull, z, p } = reference.cohen[cohen.weights]!
      same(cohen.estimate, estimate)
      same(cohen.se, se)
      same(cohen.seNull, seNull)
      same(cohen.z, z, 9)
      same(cohen.p, p)
    }
    same(report.fleissKappa.estimate, reference.fleiss)
    same(report.fleissKappa.se, reference.fleissSe)
    same(report.congerKappa.estimate, reference.conger)
    const [fleiss, fleissSe] = reference.fleissAvailable as [number, number]
    same(report.fleissKappaAvailable.estimate, fleiss)
    same(report.fleissKappaAvailable.se, fleissSe)
    for (const [key, own] of [
      ['AC1', report.gwetAC1],
      ['AC2linear', report.gwetAC2.linear],
      ['AC2quadratic', report.gwetAC2.quadratic],
      ['AC2ordinal', report.gwetAC2.ordinal],
    ] as const) {
      const [estimate, se] = reference[key] as [number, number]
      same(own.estimate, estimate)
      same(own.se, se)
    }
    for (const metric of ['nominal', 'ordinal', 'interval'] as const)
      same(report.krippendorffAlpha[metric].estimate, reference[`alpha ${metric}`])
    iccForms.forEach((form, index) => {
      const expected = reference.icc[index]!
      same(report.icc[form].estimate, expected.estimate)
      same(report.icc[form].f, expected.f, 9)
      same(report.icc[form].p, expected.p)
      same(report.icc[form].ci![0], expected.ci[0], 9)
      same(report.icc[form].ci![1], expected.ci[1], 9)
    })
    same(report.kendallW.estimate, reference.kendallW)
  })
})
