import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { asksForCondition, type Scale } from '../../preload/contract/common.ts'
import { gradeColours, cannotColour, inkOn, isRescan } from './colours.ts'
import { useScaleWords } from './words.ts'

/** How a grade looks and what it is called; `grade` null: "cannot be graded". */
export interface GradeLook {
  grade: number | null
  colour: string
  ink: string
  /** From the re-scan cut on. */
  cut: boolean
  word: string
  label: string
}

/** The looks of all grades of a scale in the reader's language, made once for as many chips as a table has. */
export function useGradeLooks(scale: () => Scale): (grade: number | null) => GradeLook {
  const { t } = useI18n()
  const named = useScaleWords(scale)
  const cannot = computed((): GradeLook => {
    const word = t('common.cannot')
    return { grade: null, colour: cannotColour, ink: inkOn(cannotColour), cut: false, word, label: word }
  })
  const looks = computed(() => {
    const colours = gradeColours(scale())
    return new Map(
      named.value.grades.map(({ value, word: own }, i): [number, GradeLook] => {
        const cut = isRescan(scale(), value)
        const word = cut && !asksForCondition(scale()) ? `${own}, ${t('common.rescan')}` : own
        const colour = colours[i]!
        const label = `${t('common.gradeN', { grade: value })}: ${word}`
        return [value, { grade: value, colour, ink: inkOn(colour), cut, word, label }]
      }),
    )
  })
  // A grade that the scale does not have is said as it is.
  const foreign = (grade: number): GradeLook => {
    const cut = isRescan(scale(), grade)
    return { ...cannot.value, grade, cut, word: '', label: t('common.gradeN', { grade }) }
  }
  return (grade) => (grade === null ? cannot.value : (looks.value.get(grade) ?? foreign(grade)))
}
