import type { ChartOption } from './echarts.ts'
import { seriesLook } from './series.ts'
import type { ChartStyle } from './useChartStyle.ts'

export interface Reliability {
  curves: readonly { name: string; points: readonly { mean: number; share: number; n: number }[] }[]
  band: { low: number; high: number } | null
  words: { said: string; came: string; ideal: string; readers: string }
  style: ChartStyle
}

/** What was said against what came true; the diagonal is what would be right, the band what people reach. */
export function reliabilityOption({ curves, band, words, style }: Reliability): ChartOption {
  const share = (value: number): string => `${String(Math.round(value * 100))} %`
  const axis = { ...style.axis, type: 'value' as const, min: 0, max: 1, interval: 0.2 }
  const label = { ...style.axis.axisLabel, formatter: share }
  return {
    grid: { left: 62, right: 20, top: 40, bottom: 46 },
    legend: { ...style.legend, top: 0, left: 0, data: [...curves.map(({ name }) => name), words.ideal, words.readers] },
    tooltip: { ...style.tooltip, trigger: 'item', valueFormatter: (value) => share(Number(value)) },
    xAxis: { ...axis, axisLabel: label, name: words.said, nameLocation: 'middle', nameGap: 28 },
    yAxis: { ...axis, axisLabel: label, name: words.came, nameLocation: 'middle', nameGap: 44 },
    series: [
      {
        type: 'line',
        name: words.readers,
        data: [],
        itemStyle: { color: style.quiet, opacity: 0.4 },
        ...(band
          ? {
              markArea: {
                silent: true,
                itemStyle: { color: style.quiet, opacity: 0.22 },
                data: [[{ yAxis: band.low }, { yAxis: Math.max(band.high, band.low + 0.004) }]],
              },
            }
          : {}),
      },
      {
        type: 'line',
        name: words.ideal,
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        silent: true,
        lineStyle: { color: style.quiet, type: 'dashed', width: 1 },
        itemStyle: { color: style.quiet },
      },
      ...curves.map(({ name, points }, i) => {
        const { colour, symbol } = seriesLook(i)
        return {
          type: 'line' as const,
          name,
          data: points.map(({ mean, share: came }) => [mean, came]),
          symbol,
          symbolSize: 9,
          lineStyle: { color: colour, width: 2 },
          itemStyle: { color: colour },
        }
      }),
    ],
  }
}
