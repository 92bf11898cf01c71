import { tQuantile } from '../distributions.ts'
import { type Interval, reasons } from './outcome.ts'
import { subjectsWith, type Table } from './table.ts'
import { agreementWeights, type WeightScheme } from './weights.ts'

export type ChanceCorrected = {
  estimate: number | null
  se: number | null
  ci: Interval | null
  /** Subjects with a vote. */
  n: number
  reason?: string
}

/** Chance agreement, and what each grade of a subject adds to it (for the variance). */
type Chance = { pe: number; disagreement: number; ofGrade: Float64Array }

/**
 * A chance-corrected coefficient (pa - pe) / (1 - pe) over every subject with a vote, with Gwet's variance over subjects
 * and a t interval with n - 1 degrees of freedom, upper limit at most 1 (K. Gwet, Br J Math Stat Psychol 61, 29-48, 2008;
 * Handbook of Inter-Rater Reliability, 4th ed., 2014, chapters 2-5). Subjects with a single vote count for pe only.
 */
function chanceCorrected(table: Table, w: Float64Array, chance: (share: Float64Array) => Chance): ChanceCorrected {
  const q = table.categories.length
  const n = subjectsWith(table, 1)
  const paired = subjectsWith(table, 2)
  if (paired === 0) return { estimate: null, se: null, ci: null, n, reason: n ? reasons.noPairs : reasons.noVotes }
  const share = new Float64Array(q)
  const disagreement = new Float64Array(table.rows)
  let observed = 0
  for (let row = 0; row < table.rows; row += 1) {
    const votes = table.votes[row]!
    const weight = table.weights[row]!
    if (votes === 0 || weight === 0) continue
    for (let k = 0; k < q; k += 1) share[k]! += (weight * table.counts[row * q + k]!) / votes
    if (votes < 2) continue
    let apart = 0
    for (let k = 0; k < q; k += 1) {
      const count = table.counts[row * q + k]!
      if (count === 0) continue
      for (let l = k + 1; l < q; l += 1) apart += 2 * (1 - w[k * q + l]!) * count * table.counts[row * q + l]!
    }
    disagreement[row] = apart / (votes * (votes - 1))
    observed += weight * disagreement[row]!
  }
  for (let k = 0; k < q; k += 1) share[k]! /= n
  const { pe, disagreement: expected, ofGrade } = chance(share)
  if (!(expected > 0)) return { estimate: null, se: null, ci: null, n, reason: reasons.allEqual }
  const estimate = 1 - observed / paired / expected
  if (n < 2) return { estimate, se: null, ci: null, n, reason: reasons.oneSubject }
  let squares = 0
  for (let row = 0; row < table.rows; row += 1) {
    const votes = table.votes[row]!
    const weight = table.weights[row]!
    if (votes === 0 || weight === 0) continue
    const own = votes < 2 ? 0 : (n / paired) * (1 - disagreement[row]! / expected)
    let peRow = 0
    for (let k = 0; k < q; k += 1) peRow += (table.counts[row * q + k]! * ofGrade[k]!) / votes
    squares += weight * (own - (2 * (1 - estimate) * (peRow - pe)) / expected - estimate) ** 2
  }
  const se = Math.sqrt(squares / (n * (n - 1)))
  const half = se === 0 ? 0 : tQuantile(0.975, n - 1) * se
  return { estimate, se, ci: [estimate - half, Math.min(1, estimate + half)], n }
}

/** Gwet's AC1 (scheme `none`) or AC2 over the declared scale (Gwet 2008, eqs 10-12; 2014, eqs 5.3.1-5.3.4). */
export function gwetAC(table: Table, scheme: WeightScheme): ChanceCorrected {
  const q = table.categories.length
  if (table.raters < 2) return noCoefficient(table, reasons.oneRater)
  if (q < 2) return noCoefficient(table, reasons.oneGrade)
  const w = agreementWeights(table.categories, scheme)
  const scale = w.reduce((sum, value) => sum + value, 0) / (q * (q - 1))
  return chanceCorrected(table, w, (share) => {
    const pe = scale * share.reduce((sum, p) => sum + p * (1 - p), 0)
    return { pe, disagreement: 1 - pe, ofGrade: share.map((p) => scale * (1 - p)) }
  })
}

/**
 * Fleiss' kappa of whatever votes are there, as Gwet generalises it (2014, sec. 2.3 and 5.4): on complete data the same
 * value as Fleiss 1971, with the standard error over subjects.
 */
export function fleissAvailable(table: Table): ChanceCorrected {
  if (table.raters < 2) return noCoefficient(table, reasons.oneRater)
  return chanceCorrected(table, agreementWeights(table.categories, 'none'), (share) => ({
    pe: share.reduce((sum, p) => sum + p * p, 0),
    disagreement: share.reduce((sum, p) => sum + p * (1 - p), 0),
    ofGrade: share,
  }))
}

function noCoefficient(table: Table, reason: string): ChanceCorrected {
  return { estimate: null, se: null, ci: null, n: subjectsWith(table, 1), reason }
}
