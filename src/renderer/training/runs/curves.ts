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

/** Curves over epochs with their reference lines. Training is thin and quiet, validation is what counts. */
export function curves({ style, language, epochs, end, series, lines, band, mark, axis, share }: Curves): ChartOption {
  const show = (value: unknown): string =>
    typeof value !== 'number' ? '–' : share ? percent(value, language)! : decimal(value, 3, language)
  const known = lines.filter((line) => line.value !== null)
  // Two level lines close to each other get their words on different sides.
  const higher = (value: number): boolean => known.every((line) => (line.value ?? 0) <= value)
  return {
    grid: { left: 52, right: 18, top: 40, bottom: 44 },
    legend: { ...style.legend, top: 0, left: 0, icon: 'roundRect', itemHeight: 3 },
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
    series: series.map((one, i) => ({
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
                ...known.map((line) => ({
                  yAxis: line.value ?? 0,
                  lineStyle: { color: style.ink, type: [...line.dash], width: 1.5 },
                  label: {
                    formatter: `${line.name}: ${show(line.value)}`,
                    position: higher(line.value ?? 0) ? ('insideEndTop' as const) : ('insideEndBottom' as const),
                    color: style.ink,
                    fontSize: 11,
                  },
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
                          position: 'insideEndTop' as const,
                        },
                      },
                    ]
                  : []),
              ],
            },
          }
        : {}),
    })),
  }
}

/** A level band with its name, drawn behind. */
function bandArea({ name, low, high }: NonNullable<Curves['band']>, style: ChartStyle) {
  return {
    silent: true,
    itemStyle: { color: style.quiet, opacity: 0.2 },
    label: { show: true, position: 'insideBottomLeft' as const, color: style.ink, fontSize: 11 },
    // A band of no width is still seen.
    data: [[{ name, yAxis: low }, { yAxis: Math.max(high, low + 0.004) }]] as [
      { name: string; yAxis: number },
      { yAxis: number },
    ][],
  }
}
