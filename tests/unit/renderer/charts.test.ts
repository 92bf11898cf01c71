import { describe, expect, it } from 'vitest'
import { toCsv } from '../../../src/renderer/charts/table.ts'
import { axisEnd, curves, keptEpoch } from '../../../src/renderer/training/runs/curves.ts'
import { clearOf } from '../../../src/renderer/lead/overview/clear.ts'
import { foremost, pairKappas } from '../../../src/renderer/lead/overview/pairs.ts'
import { tied } from '../../../src/renderer/charts/tied.ts'
import { nextUnsettled } from '../../../src/renderer/lead/adjudication/next.ts'
import { orderAfter } from '../../../src/renderer/lead/disagreement/order.ts'
import { asQuery, asRequest, fromQuery, nothingFiltered } from '../../../src/renderer/lead/overview/filter.ts'
import type { DisputedScan } from '../../../src/preload/contract/analysis.ts'

describe('the table behind a chart', () => {
  it('leaves as RFC 4180: quotes where needed, an empty field for what is not known', () => {
    const table = {
      columns: ['Site', 'Share, %'],
      rows: [
        ['Tibia "left"', 0.5],
        ['Radius', null],
      ],
    }
    expect(toCsv(table)).toBe('Site,"Share, %"\r\n"Tibia ""left""",0.5\r\nRadius,\r\n')
  })
})

describe('pairs of readers', () => {
  it('stand in one row with all their weights', () => {
    const kappa = (raters: [string, string], weights: string, estimate: number | null) => ({
      raters,
      weights,
      estimate,
      n: 9,
    })
    const rows = pairKappas({
      cohenKappa: [kappa(['A', 'B'], 'none', 0.5), kappa(['A', 'B'], 'linear', 0.6), kappa(['A', 'C'], 'none', null)],
    })
    expect(rows.map((row) => row.raters.join(''))).toEqual(['AB', 'AC'])
    expect(rows[0]?.byWeight['linear']?.estimate).toBe(0.6)
    expect(rows[1]?.byWeight['none']?.estimate).toBeNull()
  })
})

const scan = (id: string, change: Partial<DisputedScan>): DisputedScan => ({
  scanId: id,
  pseudonym: id,
  site: 'tibia',
  side: 'left',
  votes: [],
  range: 1,
  acrossCut: false,
  entropy: 0,
  majority: null,
  roundedMean: null,
  ruleConflict: false,
  adjudicated: null,
  ...change,
})
const settled = { grade: 3, cause: 'other' as const, reason: 'clear', at: '2026-01-01T00:00:00.000Z' }

describe('disputed scans', () => {
  const rows = [
    scan('c', { acrossCut: true, range: 2 }),
    scan('a', { acrossCut: true, adjudicated: settled }),
    scan('b', { site: 'radius', range: 3 }),
  ]

  it('are sorted by a column, and the other way round when it is asked for again', () => {
    expect(orderAfter({ by: 'dispute', down: true }, 'range')).toEqual({ by: 'range', down: true })
    expect(orderAfter({ by: 'range', down: true }, 'range')).toEqual({ by: 'range', down: false })
    expect(orderAfter({ by: 'range', down: false }, 'pseudonym')).toEqual({ by: 'pseudonym', down: false })
  })

  it('open with the filter of the overview, and with none where the address says nonsense', () => {
    const picked = { ...nothingFiltered, site: 'radius' as const, label: '4', from: '2026-11-01' }
    expect(fromQuery(asQuery(picked))).toEqual(picked)
    expect(asQuery(nothingFiltered)).toEqual({})
    expect(fromQuery({ site: 'moon', rule: 'dice', label: ['4'] })).toEqual(nothingFiltered)
    expect(asRequest(picked)).toEqual({ site: 'radius', from: '2026-11-01', rule: 'majority', label: 4 })
    expect(asRequest({ ...nothingFiltered, label: 'none' })).toEqual({ rule: 'majority', label: null })
    expect(asRequest({ ...nothingFiltered, without: 'B' }, ['A', 'B', 'C'])).toEqual({ readers: ['A', 'C'] })
    expect(asRequest({ ...nothingFiltered, from: '1' })).toBeUndefined()
  })

  it('come one after another, round to the start, until all are settled', () => {
    expect(nextUnsettled(rows, null)).toBe('c')
    expect(nextUnsettled(rows, 'c')).toBe('b')
    expect(nextUnsettled(rows, 'b')).toBe('c')
    expect(nextUnsettled([scan('a', { adjudicated: settled })], 'a')).toBeNull()
    expect(nextUnsettled([], null)).toBeNull()
  })
})

describe('the curves of a training run', () => {
  it('name in the legend what they are held against: no word stands in the field', () => {
    const style = { legend: {}, axis: {}, tooltip: {}, ink: '#111111', quiet: '#777777', accent: '#000000' }
    const option = curves({
      ...{ style: style as never, language: 'en', epochs: [1, 2], end: 2, axis: 'Epoch', share: true },
      series: [{ name: 'Validation', values: [0.4, 0.6], quiet: false }],
      lines: [{ name: 'always the commonest', value: 0.217, dash: [2, 4] }],
      band: { name: 'readers', low: 0.6, high: 0.7 },
    })
    const { data } = option.legend as { data: { name: string }[] }
    expect(data.map(({ name }) => name)).toEqual(['Validation', 'always the commonest: 21.7\u00a0%', 'readers'])
    const series = option.series as { name: string; markLine?: { data: object[] }; markArea?: object }[]
    // Each name of the legend has a series, or it would not be drawn.
    expect(series.map(({ name }) => name)).toEqual(data.map(({ name }) => name))
    expect(series[0]!.markLine!.data).toEqual([expect.objectContaining({ yAxis: 0.217, label: { show: false } })])
    expect(JSON.stringify(series[0]!.markArea)).not.toContain('label')
  })

  it('speak of the epoch that is kept, which is not the one that was luckiest', () => {
    const epoch = (number: number, loss: number, validationLoss: number | null) => ({
      epoch: number,
      loss,
      validationLoss,
    })
    expect(keptEpoch([epoch(1, 3, 2), epoch(2, 2, 1), epoch(3, 1, 1)])?.epoch).toBe(2)
    expect(keptEpoch([epoch(1, 3, null), epoch(2, 2, null)])?.epoch).toBe(2)
    expect(keptEpoch([])).toBeNull()
  })
})

describe('the axis of a training run', () => {
  it('ends with the run, and leaves some room while it goes on', () => {
    expect(axisEnd(13, 30, false)).toBe(13)
    expect(axisEnd(1, 30, true)).toBe(10)
    expect(axisEnd(16, 30, true)).toBe(20)
    expect(axisEnd(29, 30, true)).toBe(30)
    expect(axisEnd(0, 1, true)).toBe(2)
  })
})

it('shows all pairs of a few readers as they come, and of many those that differ most', () => {
  const pair = (rate: number | null, n = 9) => ({ rate, n })
  const few = [0.2, null, 0.9].map((rate) => pair(rate))
  expect(foremost(few, ({ rate }) => rate)).toEqual(few)
  const many = Array.from({ length: 435 }, (_, i) => pair(i % 7 === 0 ? null : (i * 37) % 435))
  const known = many.flatMap(({ rate }) => rate ?? []).sort((a, b) => b - a)
  expect(foremost(many, ({ rate }) => rate).map(({ rate }) => rate)).toEqual(known.slice(0, 10))
  // Of pairs that differ equally those with more scans, and with no figure the last.
  const equal = Array.from({ length: 20 }, (_, n) => pair(n === 19 ? null : 1, n))
  expect(foremost(equal, ({ rate }) => rate).map(({ n }) => n)).toEqual([18, 17, 16, 15, 14, 13, 12, 11, 10, 9])
})

it('names all that tie for a finding, and a pair or reader only where its test holds beside the others', () => {
  const rows = [0.5, 0.2, 0.5, 0.1].map((rate, at) => ({ rate, at }))
  expect(tied(rows, ({ rate }) => rate).map(({ at }) => at)).toEqual([0, 2])
  expect(tied([], () => 0)).toEqual([])
  expect(clearOf([0.02, null], (p) => p)).toEqual([0.02])
  expect(clearOf([0.02, 0.5, 0.01, null], (p) => p)).toEqual([0.01])
  expect(
    clearOf(
      Array.from({ length: 435 }, () => 0.001),
      (p) => p,
    ),
  ).toEqual([])
})
