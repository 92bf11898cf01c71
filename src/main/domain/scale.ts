import { ConcordError } from './error.ts'

/** The grades a study declares, ascending, and the lowest grade that means "scan again" (null: no such cut). */
export type Scale = { categories: readonly number[]; rescanFrom: number | null }

/** Grades are stored in a byte each, as the index of the category; -1 is a missing vote. */
const MAX_CATEGORIES = 127
export const MISSING = -1

/** The declared grades, sorted. Throws `scale-empty`, `scale-grade`, `scale-duplicate` or `scale-too-long`. */
export function categoriesOf(values: Iterable<number>): number[] {
  const categories = [...values].sort((a, b) => a - b)
  if (categories.length === 0) throw new ConcordError('scale-empty', 'The scale has no grade; declare at least one.')
  if (!categories.every(Number.isFinite)) throw new ConcordError('scale-grade', 'Every grade must be a finite number.')
  const twice = categories.find((value, i) => i > 0 && value === categories[i - 1])
  if (twice !== undefined) throw new ConcordError('scale-duplicate', `Grade ${twice} is declared twice; remove one.`)
  if (categories.length > MAX_CATEGORIES)
    throw new ConcordError('scale-too-long', `The scale has ${categories.length} grades; at most ${MAX_CATEGORIES}.`)
  return categories
}

/** Index of the first category at or above the cut; null where no declared grade lies on one of its sides. */
export function cutIndex(categories: readonly number[], rescanFrom: number | null): number | null {
  if (rescanFrom === null) return null
  const index = categories.findIndex((value) => value >= rescanFrom)
  return index > 0 ? index : null
}

/**
 * The declared grade nearest to sum / n, the upper one where two are equally near (half up). `sum` and `n` are given
 * apart so that with whole grades the comparison is exact.
 */
export function nearestCategory(categories: readonly number[], sum: number, n: number): number {
  let best = 0
  for (let i = 1; i < categories.length; i += 1) {
    if (2 * sum >= n * (categories[i - 1]! + categories[i]!)) best = i
  }
  return best
}
