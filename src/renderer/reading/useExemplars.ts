import { computed, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ReplyOf } from '../../preload/contract/index.ts'
import { api } from '../api.ts'
import { useScaleWords } from '../grades/words.ts'
import { useReading } from '../stores/reading.ts'

/** A scan of known grade as the viewer takes it to hold it beside the reader's own. */
export interface Exemplar {
  scanId: string
  grade: number
  label: string
}

/** The study's exemplars of the site of the scan in front: one a grade, lowest first. */
export function useExemplars() {
  const reading = useReading()
  const { t } = useI18n()
  const all = shallowRef<ReplyOf<'reading', 'exemplars'>>([])
  const scale = useScaleWords(() => reading.desk?.scale ?? { grades: [], rescanFrom: null })

  watch(
    () => reading.desk?.studyId,
    async (studyId) => {
      all.value = []
      // Without them the scan is graded as well.
      if (studyId) all.value = await api.reading.exemplars({ studyId }).catch(() => [])
    },
    { immediate: true },
  )
  return computed<Exemplar[]>(() => {
    const site = reading.current?.site
    return scale.value.grades.flatMap(({ value, word }) => {
      const found = all.value.find((one) => one.grade === value && one.site === site)
      if (!found) return []
      return [{ scanId: found.scanId, grade: value, label: `${t('common.gradeN', { grade: value })}: ${word}` }]
    })
  })
}
