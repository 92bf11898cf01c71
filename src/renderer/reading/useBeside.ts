import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useReading } from '../stores/reading.ts'
import type { LinkedChoice } from '../viewer/linked.ts'
import { useExemplars } from './useExemplars.ts'

const DAYS_A_MONTH = 30.44

/** What can stand beside the scan in front: exemplars of its site, and earlier scans of the patient. `chosen`: the one that does. */
export function useBeside() {
  const reading = useReading()
  const { t } = useI18n()
  const shownExemplars = useExemplars()
  const chosen = ref<string | null>(null)
  // A lesson opens the exemplars at the grade to be learned.
  watch(
    () => reading.lesson,
    (lesson) => {
      const known = lesson && shownExemplars.value.find((one) => one.grade === lesson.of.known)
      if (known) chosen.value = known.scanId
    },
  )

  function before(days: number | null, pseudonym: string): string {
    if (days === null) return pseudonym
    const months = Math.round(days / DAYS_A_MONTH)
    return months < 2 ? t('reading.beside.days', { n: days }, days) : t('reading.beside.months', { n: months }, months)
  }
  const choices = computed<LinkedChoice[]>(() => [
    ...shownExemplars.value.map(({ scanId, grade }) => ({
      ...{ scanId, label: String(grade), group: t('reading.beside.exemplars') },
    })),
    ...(reading.current?.earlier ?? []).map(({ scanId, daysBefore, pseudonym }) => ({
      ...{ scanId, label: before(daysBefore, pseudonym), group: t('reading.beside.earlier') },
    })),
  ])
  return { shownExemplars, choices, chosen }
}
