import type { Scale } from '../../../preload/contract/common.ts'
import type { ChartOption } from '../../charts/echarts.ts'
import type { ChartStyle } from '../../charts/useChartStyle.ts'
import { gradeColour, inkOn } from '../../grades/colours.ts'

export interface GradeBars {
  style: ChartStyle
  scale: Scale
  /** What each bar is called. */
  bars: readonly string[]
  /** Room for these words, in pixels. */
  left: number
  /** How often each bar holds a grade, bar by bar; null is no grade. */
  grades: readonly { grade: number | null; name: string; counts: readonly number[] }[]
  /** What is counted. */
  axis: string
  /** What stands in a part; nothing where it is too short. */
  text(count: number): string
}

/** Bars across, of parts in the colours of the grades: each as long as it is often. */
export const gradeBars = ({ style, scale, bars, left, grades, axis, text }: GradeBars): ChartOption => ({
  grid: { left, right: 16, top: 62, bottom: 42 },
  legend: { ...style.legend, top: 0, left: 0 },
  tooltip: { ...style.tooltip, trigger: 'item' },
  xAxis: { ...style.axis, type: 'value', minInterval: 1, name: axis, nameLocation: 'middle', nameGap: 26 },
  yAxis: { ...style.axis, type: 'category', inverse: true, data: [...bars] },
  series: grades.map(({ grade, name, counts }) => ({
    type: 'bar' as const,
    name,
    stack: 'grades',
    barMaxWidth: 34,
    data: [...counts],
    itemStyle: { color: gradeColour(scale, grade), borderColor: style.surface, borderWidth: 1 },
    label: {
      show: true,
      color: inkOn(gradeColour(scale, grade)),
      formatter: ({ value }: { value: unknown }) => text(Number(value)),
    },
  })),
})
