import type { Scale } from '../../preload/contract/common.ts'

type Grade = Scale['grades'][number]

/** What the editor of an own scale starts with. */
export const firstScale = (): Scale => ({
  grades: [1, 2, 3].map((value) => ({ value, word: '', description: '' })),
  rescanFrom: null,
})

/** The cut stays at the grade it was at, and goes where that grade goes; where it is gone there is none. */
function kept(scale: Scale, grades: Grade[], cut: number | null = scale.rescanFrom): Scale {
  return { ...scale, grades, rescanFrom: grades.slice(1).some((grade) => grade.value === cut) ? cut : null }
}

export function withGrade(scale: Scale, index: number, change: Partial<Grade>): Scale {
  const before = scale.grades[index]!
  const grades = scale.grades.map((grade, i) => (i === index ? { ...grade, ...change } : grade))
  const moved = before.value === scale.rescanFrom && change.value !== undefined
  return kept(scale, grades, moved ? change.value! : scale.rescanFrom)
}

export const withCut = (scale: Scale, cut: number | null): Scale => kept(scale, scale.grades, cut)

/** What the grades from the cut on mean. */
export const withMeaning = (scale: Scale, cutMeans: 'rescan' | 'positive'): Scale => ({ ...scale, cutMeans })

type Side = 'positive' | 'negative'
const unnamed = { positive: {}, negative: {} }

/** A class's name in a language, as it is typed. */
export function withClassName(scale: Scale, side: Side, language: 'en' | 'de', text: string): Scale {
  const named = scale.cutWords ?? unnamed
  return { ...scale, cutWords: { ...named, [side]: { ...named[side], [language]: text } } }
}

/**
 * The other class is the positive one: positive is what lies from the cut on, so what the grades are called goes the other way
 * round over the same numbers, and the cut with it.
 */
export function turned(scale: Scale): Scale {
  const { grades, rescanFrom, cutWords } = scale
  const above = grades.filter(({ value }) => rescanFrom !== null && value >= rescanFrom).length
  const round = grades.map(({ value }, i) => ({ ...grades[grades.length - 1 - i]!, value }))
  return {
    ...kept(scale, round, grades[above]?.value ?? null),
    ...(cutWords ? { cutWords: { positive: cutWords.negative, negative: cutWords.positive } } : {}),
  }
}

/** The scale as a study is made with it: names without a class, or left empty, are not kept. */
export function finished({ cutMeans, cutWords, ...scale }: Scale): Scale {
  if (scale.rescanFrom === null || cutMeans !== 'positive') return scale
  const named = (side: Side) =>
    Object.fromEntries(Object.entries(cutWords?.[side] ?? {}).filter(([, text]) => text?.trim()))
  const words = { positive: named('positive'), negative: named('negative') }
  const any = Object.values(words).some((side) => Object.keys(side).length > 0)
  return { ...scale, cutMeans, ...(any ? { cutWords: words } : {}) }
}

export function added(scale: Scale): Scale {
  const last = Math.max(...scale.grades.map((grade) => grade.value).filter(Number.isFinite), 0)
  return kept(scale, [...scale.grades, { value: Math.min(99, last + 1), word: '', description: '' }])
}

export const without = (scale: Scale, index: number): Scale =>
  kept(
    scale,
    scale.grades.filter((_, i) => i !== index),
  )

/** Whether a study can be made with it: numbers rise from 0 to 99, and each grade has a word. */
export function usable({ grades }: Scale): boolean {
  return grades.every(
    ({ value, word }, i) =>
      Number.isInteger(value) &&
      value >= 0 &&
      value <= 99 &&
      word.trim() !== '' &&
      (i === 0 || value > grades[i - 1]!.value),
  )
}
