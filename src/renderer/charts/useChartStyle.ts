import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useTheme } from 'vuetify'

export interface ChartStyle {
  ink: string
  quiet: string
  line: string
  surface: string
  accent: string
  onAccent: string
  warning: string
  font: string
  /** Words in the field of a chart: its rules do not go through them. */
  words: { color: string; backgroundColor: string; padding: [number, number] }
  /** Axis with labels and thin rules, as every chart here has. */
  axis: {
    axisLine: { lineStyle: { color: string } }
    axisTick: { show: boolean }
    axisLabel: {
      color: string
      fontSize: number
      hideOverlap: boolean
      /** Numbers with the decimal mark of the language. */
      formatter: (value: number | string) => string
    }
    splitLine: { lineStyle: { color: string } }
    nameTextStyle: { color: string; fontSize: number }
  }
  tooltip: {
    backgroundColor: string
    borderColor: string
    textStyle: { color: string; fontSize: number }
    confine: boolean
  }
  legend: {
    textStyle: { color: string; fontSize: number }
    icon: string
    itemHeight: number
    itemWidth: number
    itemGap: number
    pageIconColor: string
    pageIconInactiveColor: string
    pageTextStyle: { color: string; fontSize: number }
  }
}

/** The colours and type of a chart in the theme of the window. */
export function useChartStyle(): ComputedRef<ChartStyle> {
  const theme = useTheme()
  const { locale } = useI18n()
  return computed(() => {
    const dark = theme.current.value.dark
    const { colors } = theme.current.value
    // Themes of this program name all their colours as #rrggbb.
    const named = (name: keyof typeof colors): string => {
      const colour = colors[name]
      return typeof colour === 'string' ? colour : ''
    }
    const ink = dark ? '#e3e5e7' : '#1c1f21'
    const quiet = dark ? '#a9aeb3' : '#50575d'
    const line = dark ? '#34383c' : '#dadde0'
    const numbers = new Intl.NumberFormat(locale.value, { maximumFractionDigits: 6 })
    return {
      ink,
      quiet,
      line,
      surface: named('surface'),
      accent: named('primary'),
      onAccent: named('on-primary'),
      warning: named('warning'),
      words: { color: ink, backgroundColor: named('surface'), padding: [1, 2] },
      font: "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif",
      axis: {
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false },
        axisLabel: {
          ...{ color: quiet, fontSize: 12, hideOverlap: true },
          formatter: (value) => (typeof value === 'number' ? numbers.format(value).replace('-', '−') : value),
        },
        splitLine: { lineStyle: { color: line } },
        nameTextStyle: { color: quiet, fontSize: 12 },
      },
      tooltip: {
        backgroundColor: dark ? '#2e3236' : '#ffffff',
        borderColor: line,
        textStyle: { color: ink, fontSize: 12 },
        confine: true,
      },
      legend: {
        ...{ textStyle: { color: quiet, fontSize: 12 }, icon: 'rect', itemHeight: 10, itemWidth: 14, itemGap: 14 },
        ...{ pageIconColor: ink, pageIconInactiveColor: line, pageTextStyle: { color: quiet, fontSize: 12 } },
      },
    }
  })
}
