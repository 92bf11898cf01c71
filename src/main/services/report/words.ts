import { reasons } from '../../domain/agreement/outcome.ts'
import type { ReportLanguage } from './format.ts'
import type { ReportWords } from './report-words.ts'
import { de } from './words-de.ts'
import { en } from './words-en.ts'

export const wordsOf = (language: ReportLanguage): ReportWords => (language === 'de' ? de : en)

const keyOf = new Map(Object.entries(reasons).map(([key, text]) => [text, key]))

/** The reason of an undefined statistic in the report's language. */
export function reasonIn(words: ReportWords, reason: string | undefined): string {
  if (reason === undefined || reason === '') return words.undefined
  if (words.reasons === null) return reason
  const key = keyOf.get(reason as (typeof reasons)[keyof typeof reasons]) as keyof typeof reasons | undefined
  return key === undefined ? words.undefined : words.reasons[key]
}
