import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { AdjudicationCause } from '../../../preload/contract/causes.ts'
import type { Scale } from '../../../preload/contract/common.ts'
import { gradeKeys } from '../../reading/keys.ts'

export interface Decided {
  grade: number
  cause: AdjudicationCause
  reason: string
}
export interface Decision {
  grade: Ref<number | null>
  cause: Ref<AdjudicationCause | null>
  words: Ref<string>
  /** What the digits mean now: first the grade, then its reason. */
  step: Ref<'grade' | 'cause'>
  /** Complete and fit to be saved; null until then. */
  decided: ComputedRef<Decided | null>
  pickGrade: (grade: number) => void
  pickCause: (cause: AdjudicationCause) => void
  say: (words: string) => void
  /** A digit as the step understands it; false where it means nothing. */
  digit: (digit: string) => boolean
  /** Back to the grade. */
  back: () => void
  clear: () => void
}

/** Shortest own words that stand for a reason. */
const fewest = 3

/** A lead's decision on one scan as it comes about: a grade, then a reason from the list, own words, or both. */
export function useDecision(scale: () => Scale | null, causes: () => readonly AdjudicationCause[]): Decision {
  const grade = ref<number | null>(null)
  const cause = ref<AdjudicationCause | null>(null)
  const words = ref('')
  const step = ref<'grade' | 'cause'>('grade')

  const decided = computed<Decided | null>(() => {
    const reason = words.value.trim()
    const picked = cause.value ?? 'other'
    if (grade.value === null || (picked === 'other' && reason.length < fewest)) return null
    return { grade: grade.value, cause: picked, reason }
  })
  function pickGrade(value: number): void {
    grade.value = value
    step.value = 'cause'
  }
  function pickCause(value: AdjudicationCause): void {
    cause.value = value
  }
  function say(text: string): void {
    words.value = text
  }
  function digit(key: string): boolean {
    const of = scale()
    if (!of) return false
    if (step.value === 'grade') {
      const value = gradeKeys(of).get(key)
      if (value !== undefined) pickGrade(value)
      return value !== undefined
    }
    const picked = causes()[Number(key) - 1]
    if (picked) pickCause(picked)
    return picked !== undefined
  }
  function back(): void {
    step.value = 'grade'
    cause.value = null
  }
  function clear(): void {
    grade.value = null
    cause.value = null
    words.value = ''
    step.value = 'grade'
  }
  return { grade, cause, words, step, decided, pickGrade, pickCause, say, digit, back, clear }
}
