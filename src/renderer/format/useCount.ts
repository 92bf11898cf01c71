import { useI18n } from 'vue-i18n'
import { countText } from './intl.ts'

/** Writes counts as the person's language does. */
export function useCount(): (count: number) => string {
  const { locale } = useI18n()
  return (count) => countText(count, locale.value)
}
