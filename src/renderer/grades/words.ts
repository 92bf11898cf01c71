import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Scale } from '../../preload/contract/common.ts'
import { templates } from '../locales/en/templates.ts'

type Grade = Scale['grades'][number]
type Text = Pick<Grade, 'word' | 'description'>

/** Where a grade's text is one of a built-in template, the key of its translations; a department's own text has none. */
export function builtInKey({ value, word, description }: Grade): string | null {
  for (const [key, { grades }] of Object.entries(templates)) {
    const text = (grades as Record<number, Text>)[value]
    if (text?.word === word && text.description === description) return `templates.${key}.grades.${value}`
  }
  return null
}

/** Words and descriptions of grades in the reader's language; a scale of the department's own stays as it was written. */
function useGradeWords(): (grade: Grade) => Text {
  const { t } = useI18n()
  return (grade) => {
    const key = builtInKey(grade)
    return key ? { word: t(`${key}.word`), description: t(`${key}.description`) } : grade
  }
}

/** A scale with its grades in the reader's language. */
export function useScaleWords(scale: () => Scale): ComputedRef<Scale> {
  const words = useGradeWords()
  return computed(() => ({ ...scale(), grades: scale().grades.map((grade) => ({ ...grade, ...words(grade) })) }))
}
