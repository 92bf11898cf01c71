/** How several opinions become one: the mean of the probabilities, or the grade that most of them name. */
export const combinations = ['mean', 'majority'] as const
export type Combination = (typeof combinations)[number]

export type Combined = {
  /** Mean of the rows, whatever the rule: what uncertainty is read from. */
  probabilities: number[]
  /** Index of the grade. */
  label: number
  /** Whether two grades had equally many votes. */
  tie: boolean
  /** Share of the rows that name another grade. */
  disagreement: number
}

/**
 * Combines rows of probabilities (slices of a scan, networks, folds). `mean`: the most probable grade of the mean, the
 * lower one of equals. `majority`: each row votes for its most probable grade; of grades with equally many votes the one
 * with the higher mean probability, and if that is equal too the lower one.
 * @param rows One or more, of equal length.
 * @param named Index of the grade that each row votes for, where that is not its most probable one.
 */
export function combine(
  rows: readonly (readonly number[])[],
  rule: Combination,
  named: readonly number[] = rows.map(mostProbable),
): Combined {
  const probabilities = meanRow(rows)
  const votes = probabilities.map((_, k) => named.filter((label) => label === k).length)
  const most = Math.max(...votes)
  const leaders = votes.flatMap((count, k) => (count === most ? [k] : []))
  const label =
    rule === 'mean'
      ? mostProbable(probabilities)
      : leaders.reduce((best, k) => (probabilities[k]! > probabilities[best]! ? k : best))
  return {
    probabilities,
    label,
    tie: leaders.length > 1,
    disagreement: named.filter((one) => one !== label).length / rows.length,
  }
}

/** Index of the largest value, the lower one of equals. */
export function mostProbable(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index += 1) if (values[index]! > values[best]!) best = index
  return best
}

/** Shannon entropy over its largest possible value, ln k (Shannon 1948): 0 for a certain guess, 1 for a uniform one. */
export function normalisedEntropy(probabilities: readonly number[]): number {
  if (probabilities.length < 2) return 0
  const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
  return Math.min(1, Math.max(0, entropy / Math.log(probabilities.length)))
}

/** Mean over the rows, scaled to sum to 1 exactly enough for arithmetic in double precision. */
export function meanRow(rows: readonly (readonly number[])[]): number[] {
  const sums = rows[0]!.map((_, index) => rows.reduce((sum, row) => sum + row[index]!, 0))
  const total = sums.reduce((sum, value) => sum + value, 0)
  return sums.map((sum) => sum / total)
}
