import type { ChartOption } from '../../charts/echarts.ts'
import type { useChartStyle } from '../../charts/useChartStyle.ts'

export interface Rate {
  name: string
  rate: number
  ci: [number, number] | null
  label: string
}

/** A bar a reader from 0 to 1, its interval as a line through the bar's end, and beside it what it says. */
export function rateChart(
  rows: readonly Rate[],
  style: ReturnType<typeof useChartStyle>['value'],
  axis: string,
): ChartOption {
  return {
    grid: { left: 84, right: 24, top: 8, bottom: 40 },
    xAxis: {
      ...style.axis,
      ...{ type: 'value', min: 0, max: 1, name: axis, nameLocation: 'middle', nameGap: 26 },
      axisLabel: { ...style.axis.axisLabel, formatter: (value: number) => `${String(Math.round(value * 100))} %` },
    },
    yAxis: { ...style.axis, type: 'category', inverse: true, data: rows.map((row) => row.name) },
    series: [
      {
        type: 'bar',
        data: rows.map((row) => row.rate),
        itemStyle: { color: style.accent, opacity: 0.85 },
        barWidth: 14,
        label: {
          show: true,
          position: [0, -18],
          ...style.words,
          formatter: ({ dataIndex }) => rows[dataIndex]!.label,
        },
        markLine: {
          symbol: ['none', 'none'],
          silent: true,
          label: { show: false },
          lineStyle: { color: style.ink, width: 2, type: 'solid' },
          data: rows.flatMap((row, i) =>
            row.ci ? [[{ coord: [row.ci[0], i] }, { coord: [row.ci[1], i] }]] : [],
          ) as never,
        },
      },
    ],
  }
}
