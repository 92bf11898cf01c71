import { useI18n } from 'vue-i18n'

/** All rows of the largest value: several where they tie. Shares of equal counts are equal to the last digit. */
export function tied<T>(rows: readonly T[], value: (row: T) => number): T[] {
  const most = Math.max(...rows.map(value))
  return rows.filter((row) => value(row) === most)
}

/** Names in a sentence: "A, B and C"; of more than three the first two, and how many more. */
export function useNames(): (names: readonly string[]) => string {
  const { t, locale } = useI18n()
  return (names) => {
    const said = names.length > 3 ? [...names.slice(0, 2), t('lead.more', { n: names.length - 2 })] : names
    return new Intl.ListFormat(locale.value).format(said)
  }
}
