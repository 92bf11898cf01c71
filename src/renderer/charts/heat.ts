import type { ChartOption } from './echarts.ts'
import type { ChartStyle } from './useChartStyle.ts'

export interface Heat {
  /** Counts, `matrix[row][column]`. */
  matrix: readonly (readonly number[])[]
  labels: readonly string[]
  rowName: string
  columnName: string
  /** Index of the first grade from which the patient is scanned again; -1 where there is no cut. */
  cut: number
  cutWord: string
  style: ChartStyle
}

/** A confusion matrix as a heat map: every count written, and the re-scan cut drawn across both axes. */
export function heatOption({ matrix, labels, rowName, columnName, cut, cutWord, style }: Heat): ChartOption {
  const most = Math.max(1, ...matrix.flat())
  const cells = matrix.flatMap((row, r) =>
    row.map((count, c) => ({
      value: [c, r, count],
      label: { color: count > most / 2 ? style.onAccent : style.ink },
    })),
  )
  const size = labels.length
  // Lines between categories need value axes of their own, laid over the categories.
  const over = { type: 'value' as const, min: 0, max: size, show: false }
  const category = {
    ...style.axis,
    type: 'category' as const,
    data: [...labels],
    splitLine: { show: false },
    axisLine: { show: false },
  }
  const line = (data: number[][], word: boolean) => ({
    type: 'line' as const,
    xAxisIndex: 1,
    yAxisIndex: 1,
    data,
    symbol: 'none',
    silent: true,
    z: 5,
    lineStyle: { color: style.ink, width: 2 },
    endLabel: {
      show: word,
      formatter: cutWord,
      color: style.quiet,
      fontSize: 11,
      align: 'center' as const,
      offset: [0, -10],
    },
  })
  const lines =
    cut > 0
      ? [
          line(
            [
              [0, cut],
              [size, cut],
            ],
            false,
          ),
          line(
            [
              [cut, size],
              [cut, 0],
            ],
            true,
          ),
        ]
      : []
  return {
    grid: { left: 60, right: 20, top: 26, bottom: 46 },
    tooltip: {
      ...style.tooltip,
      formatter: (one) => {
        const [c = 0, r = 0, count = 0] = (one as { value: number[] }).value
        return `${rowName}: ${labels[r] ?? ''}<br>${columnName}: ${labels[c] ?? ''}<br><b>${String(count)}</b>`
      },
    },
    xAxis: [
      { ...category, name: columnName, nameLocation: 'middle', nameGap: 28, position: 'bottom' },
      { ...over, position: 'bottom' },
    ],
    yAxis: [
      { ...category, inverse: true, name: rowName, nameLocation: 'middle', nameGap: 30 },
      { ...over, inverse: true },
    ],
    visualMap: {
      show: false,
      seriesIndex: 0,
      min: 0,
      max: most,
      inRange: { color: [style.surface, style.accent] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells,
        itemStyle: { borderColor: style.line, borderWidth: 1 },
        label: {
          show: true,
          fontSize: 13,
          formatter: (one) => String((one.value as number[])[2] || ''),
        },
      },
      ...lines,
    ],
  }
}
