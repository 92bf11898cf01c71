import type { Scale } from '../../preload/contract/common.ts'
import { asksForCondition, ownClassName } from '../../preload/contract/common.ts'
import { builtInKey } from '../grades/words.ts'
import { condition as deCondition } from './de/condition.ts'
import { de } from './de.ts'
import { condition as enCondition } from './en/condition.ts'
import { en } from './en.ts'
import { i18n, type Language } from './index.ts'

type Tree = { [key: string]: string | Tree }

const languages: Record<Language, { base: Tree; of: (positive: string, negative: string) => Tree }> = {
  en: { base: en, of: enCondition },
  de: { base: de, of: deCondition },
}

/** Characters that vue-i18n reads as syntax, as literals: a class may be called "5 % | more". */
const literal = (text: string): string => text.replace(/[{}@$|]/g, (c) => `{'${c}'}`)

/**
 * The names of the two classes in a language: the study's own, else the word of the grade, or of each where a side of the cut has several.
 */
export function classNames(scale: Scale, language: Language): { positive: string; negative: string } {
  const word = (grade: Scale['grades'][number]): string => {
    const key = builtInKey(grade)
    return key ? i18n.global.t(`${key}.word`, {}, { locale: language }) : grade.word
  }
  const above = scale.grades.filter(({ value }) => value >= scale.rescanFrom!)
  const below = scale.grades.filter(({ value }) => value < scale.rescanFrom!)
  const name = (side: Scale['grades']): string => side.map((grade) => `“${word(grade)}”`).join(', ')
  const one = (side: Scale['grades']): string => (side.length === 1 ? word(side[0]!) : name(side))
  return {
    positive: ownClassName(scale, 'positive', language) ?? one(above),
    negative: ownClassName(scale, 'negative', language) ?? one(below),
  }
}

/** The texts of a language as they stand for a study: a study that asks for a condition never speaks of a re-scan. */
export function textsFor(language: Language, scale: Scale | null): Tree {
  const { base, of } = languages[language]
  if (!scale || !asksForCondition(scale)) return base
  const { positive, negative } = classNames(scale, language)
  return merged(base, of(literal(positive), literal(negative)))
}

let shown = ''
/** Lets every page speak of the study at the top of the window. */
export function speakOf(scale: Scale | null): void {
  const wanted = scale && asksForCondition(scale) ? JSON.stringify(scale) : ''
  if (wanted === shown) return
  shown = wanted
  for (const language of ['en', 'de'] as const)
    i18n.global.setLocaleMessage(language, textsFor(language, scale) as never)
}

function merged(base: Tree, over: Tree): Tree {
  const both = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const under = base[key]
    both[key] = typeof value === 'string' ? value : merged(typeof under === 'object' ? under : {}, value)
  }
  return both
}
