import type { ChartOption } from '../../charts/echarts.ts'
import type { ChartStyle } from '../../charts/useChartStyle.ts'
import { decimal, percent } from '../../format/statistics.ts'

export interface Curves {
  style: ChartStyle
  language: string
  epochs: readonly number[]
  /** The epoch at which the axis ends. */
  end: number
  series: readonly { name: string; values: readonly (number | null)[]; quiet: boolean }[]
  /** Level lines to hold the curves against; null is not drawn. */
  lines: readonly { name: string; value: number | null; dash: readonly number[] }[]
  /** Behind the curves: what people reach among themselves. */
  band?: { name: string; low: number; high: number } | null
  /** A vertical line at one epoch. */
  mark?: { epoch: number; word: string }
  axis: string
  /** Values are fractions and shown in percent. */
  share: boolean
}

/** Where the axis of a run's curves ends: its last epoch once it is over, some room ahead while it goes on. */
export function axisEnd(done: number, most: number, running: boolean): number {
  return Math.max(2, running ? Math.min(most, Math.max(10, Math.ceil(done * 1.25))) : done)
}

/** A line in a legend, drawn through and dotted. */
const bar = 'path://M0,0H14V3H0Z'
const dots = 'path://M0,0H3V3H0ZM5.5,0H8.5V3H5.5ZM11,0H14V3H11Z'

/** Curves over epochs with their reference lines. Training is thin and quiet, validation is what counts. */
export function curves({ style, language, epochs, end, series, lines, band, mark, axis, share }: Curves): ChartOption {
  const show = (value: unknown): string =>
    typeof value !== 'number' ? '–' : share ? percent(value, language)! : decimal(value, 3, language)
  const known = lines.flatMap(({ name, value, dash }) =>
    value === null ? [] : [{ name: `${name}: ${show(value)}`, value, dash }],
  )
  // What the curves are held against is named in the legend: words in the field lie over the curves.
  const beside = [
    ...known.map(({ name, dash }) => ({ name, itemStyle: { color: style.ink }, lineStyle: dashed(style, dash) })),
    ...(band ? [{ name: band.name, itemStyle: { color: style.quiet, opacity: 0.4 } }] : []),
  ]
  // More than two names stand below one another, as wide as a card may be; the word of the mark stands above its line.
  const listed = beside.length > 0
  const top = (listed ? 16 * (series.length + beside.length) + 18 : 40) + (mark ? 8 : 0)
  return {
    grid: { left: 52, right: 18, top, bottom: 44 },
    legend: {
      ...{ ...style.legend, top: 0, left: 0, icon: 'roundRect', itemHeight: 3 },
      ...(listed ? { orient: 'vertical' as const, itemGap: 4, itemHeight: 10 } : {}),
      data: [
        ...series.map(({ name }) => ({ name, ...(listed ? { icon: bar } : {}) })),
        ...known.map(({ name }) => ({ name, icon: dots })),
        ...(band ? [{ name: band.name, icon: 'rect' }] : []),
      ],
    },
    tooltip: { ...style.tooltip, trigger: 'axis', valueFormatter: show },
    xAxis: {
      ...style.axis,
      type: 'value',
      min: 1,
      max: end,
      minInterval: 1,
      name: axis,
      nameLocation: 'middle',
      nameGap: 26,
      splitLine: { show: false },
    },
    yAxis: {
      ...style.axis,
      type: 'value',
      scale: !share,
      // A loss has no natural zero: what counts is whether it falls.
      ...(share ? { min: 0, max: 1 } : {}),
      axisLabel: {
        ...style.axis.axisLabel,
        ...(share ? { formatter: (value: number) => `${String(Math.round(value * 100))} %` } : {}),
      },
    },
    series: [
      ...series.map((one, i) => ({
        type: 'line' as const,
        name: one.name,
        data: epochs.map((epoch, at) => [epoch, one.values[at] ?? null]),
        showSymbol: epochs.length < 3,
        symbolSize: 5,
        lineStyle: { color: one.quiet ? style.quiet : style.accent, width: one.quiet ? 1.5 : 2.5 },
        itemStyle: { color: one.quiet ? style.quiet : style.accent },
        ...(i === series.length - 1
          ? {
              ...(band ? { markArea: bandArea(band, style) } : {}),
              markLine: {
                silent: true,
                symbol: 'none',
                data: [
                  ...known.map(({ value, dash }) => ({
                    yAxis: value,
                    lineStyle: dashed(style, dash),
                    label: { show: false },
                  })),
                  ...(mark
                    ? [
                        {
                          xAxis: mark.epoch,
                          lineStyle: { color: style.quiet, type: [3, 3], width: 1 },
                          label: {
                            formatter: mark.word,
                            color: style.quiet,
                            fontSize: 11,
                            position: 'end' as const,
                            distance: 4,
                          },
                        },
                      ]
                    : []),
                ],
              },
            }
          : {}),
      })),
      // Without data of their own: they stand for the lines and the band in the legend.
      ...beside.map((one) => ({ ...one, type: 'line' as const, data: [], symbol: 'none' })),
    ],
  }
}

const dashed = ({ ink }: ChartStyle, dash: readonly number[]) => ({ color: ink, type: [...dash], width: 1.5 })

/** A level band, drawn behind. */
function bandArea({ low, high }: NonNullable<Curves['band']>, style: ChartStyle) {
  return {
    silent: true,
    itemStyle: { color: style.quiet, opacity: 0.2 },
    // A band of no width is still seen.
    data: [[{ yAxis: low }, { yAxis: Math.max(high, low + 0.004) }]] as [{ yAxis: number }, { yAxis: number }][],
  }
}

/** The figures of the epoch whose weights are kept: the lowest loss so far, of the validation where there is one. */
export function keptEpoch<T extends { epoch: number; loss: number; validationLoss: number | null }>(
  epochs: readonly T[],
): T | null {
  const rank = (one: T): number => one.validationLoss ?? one.loss
  return epochs.reduce<T | null>((kept, one) => (kept === null || rank(one) < rank(kept) ? one : kept), null)
}
