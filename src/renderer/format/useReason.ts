import { useI18n } from 'vue-i18n'

/** Why a statistic is undefined, as a sentence; the main process says it in English, a general sentence stands in elsewhere. */
export function useReason(): (reason: string | undefined) => string {
  const { t, locale } = useI18n()
  return (reason) => {
    if (reason === undefined || reason === '') return t('statistics.undefined')
    return locale.value === 'en' ? t('statistics.undefinedBecause', { reason }) : t('statistics.undefined')
  }
}
