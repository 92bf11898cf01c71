import { useI18n } from 'vue-i18n'
import { reasonKeys } from './reasons.ts'

/** Why a statistic is undefined, as a sentence in the person's language; a general one stands in for a reason not known here. */
export function useReason(): (reason: string | undefined) => string {
  const { t } = useI18n()
  return (reason) => {
    const key = reason === undefined ? undefined : reasonKeys[reason]
    return key === undefined ? t('statistics.undefined') : t(`agreement.reasons.${key}`)
  }
}
