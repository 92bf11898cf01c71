import { useI18n } from 'vue-i18n'

/** "Reader A" while names are hidden; "Reader A, Dr. Weber" after unblinding. */
export function useReaderName(): (letter: string, displayName?: string | null) => string {
  const { t } = useI18n()
  return (letter, displayName) => {
    const anonymous = t('common.reader', { letter })
    return displayName ? `${anonymous}, ${displayName}` : anonymous
  }
}
