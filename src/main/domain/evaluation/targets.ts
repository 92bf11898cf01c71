/** A yes-or-no question about a scan: does it reach the re-scan cut, or does it have this grade? */
export type Target = { kind: 'cut' } | { kind: 'grade'; category: number; index: number }

/** The cut first, where there is one, then each grade against the rest. */
export function targetsOf(categories: readonly number[], cut: number | null): Target[] {
  const grades = categories.map((category, index): Target => ({ kind: 'grade', category, index }))
  return cut === null ? grades : [{ kind: 'cut' }, ...grades]
}

/** Whether a grade (its index) is positive for the target. */
export function isPositive(target: Target, code: number, cut: number | null): boolean {
  return target.kind === 'grade' ? code === target.index : cut !== null && code >= cut
}
