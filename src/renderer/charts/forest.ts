import type { ChartOption } from './echarts.ts'
import { seriesLook } from './series.ts'
import type { ChartStyle } from './useChartStyle.ts'

export interface ForestRow {
  name: string
  /** One a side; `value` null is not drawn. */
  sides: readonly { value: number | null; ci: readonly [number, number] | null }[]
  /** Behind all sides. */
  band: { low: number; high: number } | null
  /** As it is written: the estimate with its interval. */
  text: string
}

export interface Forest {
  rows: readonly ForestRow[]
  /** Names of the sides, of the band. */
  sides: readonly string[]
  bandName: string
  style: ChartStyle
}

type Point = [number, number] | ['-', '-']
const gap: Point = ['-', '-']

/** How a text over a point lies, so that it ends within the field: by the point's place across it, 0 to 1. */
const alignment = (across: number): 'left' | 'center' | 'right' =>
  across > 0.65 ? 'right' : across < 0.35 ? 'left' : 'center'

/** Estimates with their intervals, row by row, and a band behind each: what others reach. */
export function forestOption({ rows, sides, bandName, style }: Forest): ChartOption {
  const values = rows.flatMap(({ sides: of, band }) => [
    ...of.flatMap(({ value, ci }) => [value, ...(ci ?? [])]),
    ...(band ? [band.low, band.high] : []),
  ])
  const known = values.filter((value) => value !== null)
  // Row 0 stands at the top: its place is the highest.
  const place = (row: number, side: number): number =>
    rows.length - 1 - row + (sides.length === 1 ? 0 : 0.28 - (0.56 * side) / (sides.length - 1))
  const lines = (of: (row: number) => readonly Point[]): Point[] => rows.flatMap((_, row) => [...of(row), gap])
  const one = sides.length === 1
  // Whole steps, so that no end of the axis reads −0.166667.
  const min = -Math.ceil(-Math.min(0, ...known) * 5) / 5
  const max = Math.ceil(Math.max(1, ...known) * 5) / 5
  const look = (side: number) => (one ? { colour: style.accent, symbol: 'circle' } : seriesLook(side))
  return {
    grid: { left: 150, right: 24, top: one ? 26 : 10 + 20 * (sides.length + 1), bottom: 28 },
    legend: {
      ...style.legend,
      ...(one ? {} : { orient: 'vertical' as const, itemGap: 4 }),
      top: 0,
      left: 0,
      data: [...sides.map((name, side) => ({ name, icon: look(side).symbol })), { name: bandName, icon: 'rect' }],
    },
    tooltip: { show: false },
    xAxis: {
      ...style.axis,
      type: 'value',
      // The place 0 is a row, and no line goes through it.
      axisLine: { show: false },
      min,
      max,
      interval: 0.2,
    },
    yAxis: {
      ...style.axis,
      type: 'value',
      min: -1,
      max: rows.length,
      interval: 1,
      axisLabel: {
        color: style.ink,
        fontSize: 12,
        // The places at both ends have no row.
        formatter: (at: number) => rows[rows.length - 1 - at]?.name ?? '',
      },
      axisLine: { show: false },
      splitLine: { show: false },
    },
    series: [
      {
        type: 'line' as const,
        name: bandName,
        data: lines((row) => {
          const { band } = rows[row]!
          const at = rows.length - 1 - row
          // A band of no width is still seen.
          return band
            ? [
                [band.low, at],
                [Math.max(band.high, band.low + 1e-3), at],
              ]
            : []
        }),
        symbol: 'none',
        silent: true,
        lineStyle: { color: style.quiet, width: 26, opacity: 0.28, cap: 'butt' as const },
        itemStyle: { color: style.quiet, opacity: 0.4 },
      },
      ...sides.flatMap((name, side) => {
        const { colour, symbol } = look(side)
        return [
          {
            type: 'line' as const,
            data: lines((row) => {
              const ci = rows[row]!.sides[side]?.ci
              return ci
                ? [
                    [ci[0], place(row, side)],
                    [ci[1], place(row, side)],
                  ]
                : []
            }),
            symbol: 'none',
            silent: true,
            lineStyle: { color: colour, width: 2 },
            itemStyle: { color: colour },
          },
          {
            type: 'line' as const,
            name,
            data: rows.map((row, at) => {
              const value = row.sides[side]?.value ?? null
              return value === null
                ? gap
                : { value: [value, place(at, side)], label: { align: alignment((value - min) / (max - min)) } }
            }),
            symbol,
            symbolSize: 10,
            silent: true,
            lineStyle: { opacity: 0 },
            itemStyle: { color: colour },
            label: {
              show: one,
              position: 'top' as const,
              distance: 4,
              color: style.ink,
              fontSize: 11,
              formatter: ({ dataIndex }: { dataIndex: number }) => {
                const value = rows[dataIndex]?.sides[side]?.value ?? null
                return value === null ? '' : rows[dataIndex]!.text
              },
            },
          },
        ]
      }),
    ],
  }
}
