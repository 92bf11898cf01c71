import { init } from 'echarts'
import { expect, it } from 'vitest'
import { forestOption } from '../../../src/renderer/charts/forest.ts'
import type { ChartStyle } from '../../../src/renderer/charts/useChartStyle.ts'

const style = { accent: '#6cc3b0', ink: '#eee', quiet: '#888', axis: {}, legend: {} } as unknown as ChartStyle
const [width, height] = [330, 300]
const text = (value: number): string => `${value * 100} % (61.0 to 100.0 %)`

it.each([0, 0.2, 0.5, 0.8, 1])('the words over a figure of %s end within the field', (value) => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  const row = { name: 'Accuracy', sides: [{ value, ci: [0, 1] as const }], band: null, text: text(value) }
  chart.setOption({ animation: false, ...forestOption({ rows: [row], sides: ['Model'], bandName: 'Readers', style }) })
  const said = new RegExp(`<text[^>]*>${text(value).replace(/[()]/g, String.raw`\$&`)}</text>`).exec(
    chart.renderToSVGString(),
  )![0]
  const [, anchor] = /text-anchor="(\w+)"/.exec(said) ?? [null, 'start']
  const at = Number(/translate\(([\d.]+)/.exec(said)![1])
  // A sign of 11 pixels is about 6 wide.
  const wide = 6 * text(value).length
  const start = at - { start: 0, middle: wide / 2, end: wide }[anchor as 'start' | 'middle' | 'end']
  expect(start).toBeGreaterThan(0)
  expect(start + wide).toBeLessThan(width)
  chart.dispose()
})
