import { chiSquareUpper } from '../distributions.ts'
import { reasons } from './outcome.ts'
import { subjectsWith, type Table } from './table.ts'

export type KendallW = { estimate: number | null; chi2: number | null; p: number | null; n: number; reason?: string }

/**
 * Kendall's coefficient of concordance with the correction for ties, over the subjects with every rater's vote, and its
 * chi-square test with n - 1 degrees of freedom (M. Kendall & B. Babington Smith 1939; S. Siegel & N. Castellan,
 * Nonparametric Statistics, 2nd ed., 1988, eqs 9.16 and 9.18).
 */
export function kendallW(table: Table): KendallW {
  const m = table.raters
  const q = table.categories.length
  const n = subjectsWith(table, m)
  const why = m < 2 ? reasons.oneRater : n === 0 ? reasons.noComplete : n < 2 ? reasons.oneScan : null
  if (why !== null) return { estimate: null, chi2: null, p: null, n, reason: why }
  const own = new Float64Array(m * q)
  for (let row = 0; row < table.rows; row += 1) {
    if (table.votes[row] !== m) continue
    for (let r = 0; r < m; r += 1) own[r * q + table.codes[row * m + r]!]! += table.weights[row]!
  }
  // Twice the mid-rank of each grade of each rater, less n + 1: whole numbers, and their mean over subjects is zero.
  const rank = new Float64Array(m * q)
  let ties = 0
  for (let r = 0; r < m; r += 1) {
    let below = 0
    for (let k = 0; k < q; k += 1) {
      const count = own[r * q + k]!
      rank[r * q + k] = 2 * below + count - n
      below += count
      ties += count ** 3 - count
    }
  }
  let squares = 0
  for (let row = 0; row < table.rows; row += 1) {
    if (table.votes[row] !== m) continue
    let sum = 0
    for (let r = 0; r < m; r += 1) sum += rank[r * q + table.codes[row * m + r]!]!
    squares += table.weights[row]! * sum * sum
  }
  const below = m * m * (n ** 3 - n) - m * ties
  if (!(below > 0)) return { estimate: null, chi2: null, p: null, n, reason: reasons.allEqual }
  const estimate = (3 * squares) / below // 12 S, where S was counted in half ranks
  const chi2 = m * (n - 1) * estimate
  return { estimate, chi2, p: chiSquareUpper(chi2, n - 1), n }
}
