import { useI18n } from 'vue-i18n'

/** Why a statistic is undefined, as a sentence; the main process says it in English, a general sentence stands in elsewhere. */
export function useReason(): (reason: string | undefined) => string {
  const { t, locale } = useI18n()
  return (reason) => {
    if (reason === undefined || reason === '') return t('statistics.undefined')
    if (locale.value !== 'en') return t('statistics.undefined')
    // The statistics' own reasons begin with the same words as the sentence.
    return t('statistics.undefinedBecause', { reason: reason.replace(/^cannot be computed: /, '').replace(/\.$/, '') })
  }
}
