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
  const cells = matrix.flatMap((row, r) => row.map((count, c) => [c, r, count]))
  const most = Math.max(1, ...cells.map((cell) => cell[2] ?? 0))
  const lines = cut > 0 ? [{ xAxis: cut - 0.5 }, { yAxis: cut - 0.5 }] : []
  const category = {
    ...style.axis,
    type: 'category' as const,
    data: [...labels],
    splitLine: { show: false },
    axisLine: { show: false },
  }
  return {
    grid: { left: 60, right: 16, top: 20, bottom: 46 },
    tooltip: {
      ...style.tooltip,
      formatter: (one) => {
        const [c = 0, r = 0, count = 0] = (one as { value: number[] }).value
        return `${rowName}: ${labels[r] ?? ''}<br>${columnName}: ${labels[c] ?? ''}<br><b>${String(count)}</b>`
      },
    },
    xAxis: { ...category, name: columnName, nameLocation: 'middle', nameGap: 28 },
    yAxis: { ...category, inverse: true, name: rowName, nameLocation: 'middle', nameGap: 30 },
    visualMap: {
      show: false,
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
          color: style.ink,
          formatter: (one) => String((one.value as number[])[2] || ''),
        },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: style.ink, width: 2, type: 'solid' },
          label: { show: true, formatter: cutWord, color: style.quiet, fontSize: 11, position: 'end' },
          data: lines.map((line, i) => (i === 0 ? line : { ...line, label: { show: false } })),
        },
      },
    ],
  }
}
