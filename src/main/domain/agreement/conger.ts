import { type Estimate, reasons } from './outcome.ts'
import { subjectsWith, type Table } from './table.ts'

/**
 * Conger's kappa over the subjects with every rater's vote: like Fleiss', but chance agreement is the mean over the pairs
 * of raters of the product of their own grade shares (A. Conger, Psychological Bulletin 88, 322-328, 1980). For two raters
 * it is Cohen's kappa.
 */
export function congerKappa(table: Table): Estimate & { n: number } {
  const m = table.raters
  const q = table.categories.length
  const n = subjectsWith(table, m)
  if (m < 2) return { estimate: null, n, reason: reasons.oneRater }
  if (n === 0) return { estimate: null, n, reason: reasons.noComplete }
  const totals = new Float64Array(q)
  const own = new Float64Array(m * q)
  let together = 0
  for (let row = 0; row < table.rows; row += 1) {
    if (table.votes[row] !== m) continue
    const weight = table.weights[row]!
    for (let r = 0; r < m; r += 1) own[r * q + table.codes[row * m + r]!]! += weight
    for (let k = 0; k < q; k += 1) {
      const count = table.counts[row * q + k]!
      totals[k]! += weight * count
      together += weight * count * (count - 1)
    }
  }
  // Ordered pairs of different raters: everything less each rater with itself. Whole numbers, so 0/0 is seen exactly.
  let byChance = 0
  for (let k = 0; k < q; k += 1) byChance += totals[k]! ** 2
  for (const count of own) byChance -= count * count
  const pairs = m * (m - 1)
  if (byChance === pairs * n * n) return { estimate: null, n, reason: reasons.allEqual }
  const expected = (pairs * n * n - byChance) / (pairs * n * n)
  const observed = (pairs * n - together) / (pairs * n)
  return { estimate: 1 - observed / expected, n }
}
