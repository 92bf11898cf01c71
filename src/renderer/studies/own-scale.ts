import type { Scale } from '../../preload/contract/common.ts'

type Grade = Scale['grades'][number]

/** What the editor of an own scale starts with. */
export const firstScale = (): Scale => ({
  grades: [1, 2, 3].map((value) => ({ value, word: '', description: '' })),
  rescanFrom: null,
})

/** The cut stays at the grade it was at, and goes where that grade goes; where it is gone there is none. */
function kept(scale: Scale, grades: Grade[], cut: number | null = scale.rescanFrom): Scale {
  return { grades, rescanFrom: grades.slice(1).some((grade) => grade.value === cut) ? cut : null }
}

export function withGrade(scale: Scale, index: number, change: Partial<Grade>): Scale {
  const before = scale.grades[index]!
  const grades = scale.grades.map((grade, i) => (i === index ? { ...grade, ...change } : grade))
  const moved = before.value === scale.rescanFrom && change.value !== undefined
  return kept(scale, grades, moved ? change.value! : scale.rescanFrom)
}

export const withCut = (scale: Scale, cut: number | null): Scale => kept(scale, scale.grades, cut)

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
