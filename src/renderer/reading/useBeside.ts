import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useReading } from '../stores/reading.ts'
import type { LinkedChoice } from '../viewer/linked.ts'
import type { Exemplar } from './useExemplars.ts'

const DAYS_A_MONTH = 30.44

/** What can stand beside the scan in front: exemplars of its site, and earlier scans of the patient. */
export function useBeside(exemplars: () => readonly Exemplar[]) {
  const reading = useReading()
  const { t } = useI18n()

  function before(days: number | null, pseudonym: string): string {
    if (days === null) return pseudonym
    const months = Math.round(days / DAYS_A_MONTH)
    return months < 2 ? t('reading.beside.days', { n: days }, days) : t('reading.beside.months', { n: months }, months)
  }
  return computed<LinkedChoice[]>(() => [
    ...exemplars().map(({ scanId, grade }) => ({
      ...{ scanId, label: String(grade), group: t('reading.beside.exemplars') },
    })),
    ...(reading.current?.earlier ?? []).map(({ scanId, daysBefore, pseudonym }) => ({
      ...{ scanId, label: before(daysBefore, pseudonym), group: t('reading.beside.earlier') },
    })),
  ])
}
