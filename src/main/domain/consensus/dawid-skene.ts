import { toTheEnd } from '../agreement/bootstrap.ts'
import { MISSING } from '../scale.ts'
import type { Table } from '../agreement/table.ts'

export type DawidSkene = {
  /** For each row of the table the probability of each grade; null for a row without a vote. */
  posterior: (number[] | null)[]
  /** For each rater confusion[true][voted]; a row is null where the votes tell nothing about that true grade. */
  readers: ((number[] | null)[] | null)[]
  /** Share of each true grade; null without votes. */
  prior: number[] | null
  logLikelihood: number | null
  iterations: number
  converged: boolean
}

type Parameters = { prior: Float64Array; matrices: Float64Array }

const TOLERANCE = 1e-12
const MAX_ITERATIONS = 100_000
/**
 * Votes looked at in all iterations together, a minute or two of one core: votes that tell nothing about the true grades keep EM
 * creeping, and with a million of them it would do so for hours. Of the table alone, so that the same votes end at the same place.
 */
const MAX_WORK = 1e9

/**
 * The unsmoothed maximum likelihood of A. Dawid & A. Skene (Applied Statistics 28, 20-28, 1979): each rater has an own
 * confusion matrix, the true grades are unknown. EM from the plurality of the votes (ties shared equally), the M-step
 * first (eqs 2.3 and 2.4), then the E-step (eq. 2.5), until no posterior, prior or matrix element moves by 1e-12; `converged`
 * says whether it came to that in the work allowed.
 * Missing votes contribute nothing. Subjects with the same votes have the same posterior, so that the work is that of the
 * distinct rows.
 */
export function dawidSkene(table: Table, work?: number): DawidSkene {
  return toTheEnd(dawidSkeneSteps(table, work))
}

/** How far the estimate is: `share` of the way, 0 to 1. */
export type EmStep = { iterations: number; share: number }

/**
 * The same in steps of one iteration, for a thread that has to answer others in between. EM comes nearer by about the same factor each
 * time: how far it is, the logarithm of its last move says, or the work that is left.
 * @param work votes looked at, at most
 */
export function* dawidSkeneSteps(table: Table, work = MAX_WORK): Generator<EmStep, DawidSkene> {
  const { raters } = table
  const q = table.categories.length
  const rows = Array.from(table.votes, (_, row) => row).filter(
    (row) => table.votes[row]! > 0 && table.weights[row]! > 0,
  )
  const total = rows.reduce((sum, row) => sum + table.weights[row]!, 0)
  const votes = votesOfRows(table)
  const posterior = startingPosterior(table, rows)
  let prior: Float64Array = new Float64Array(q)
  let matrices: Float64Array = new Float64Array(raters * q * q)
  let logLikelihood = 0
  const most = Math.min(MAX_ITERATIONS, Math.ceil(work / Math.max(1, votes.cell.length)))
  let iterations = 0
  let converged = total === 0
  while (!converged && iterations < most) {
    const next = maximise(table, votes, rows, posterior, total)
    const step = expect(table, votes, rows, posterior, next)
    const moved = Math.max(step.moved, largest(prior, next.prior), largest(matrices, next.matrices))
    converged = moved < TOLERANCE
    ;({ prior, matrices } = next)
    ;({ logLikelihood } = step)
    iterations += 1
    const near = moved > 0 ? Math.log(moved) / Math.log(TOLERANCE) : 1
    yield { iterations, share: Math.min(1, Math.max(near, iterations / most)) }
  }
  const seen = new Set(rows)
  return {
    posterior: Array.from({ length: table.rows }, (_, row) =>
      seen.has(row) ? Array.from(posterior.subarray(row * q, (row + 1) * q)) : null,
    ),
    readers: Array.from({ length: raters }, (_, r) => confusionOf(table, rows, posterior, matrices, r)),
    prior: total === 0 ? null : Array.from(prior),
    logLikelihood: total === 0 ? null : logLikelihood,
    iterations,
    converged,
  }
}

/**
 * The votes of row i stand from `start[i]` to `start[i + 1]`: each as the cell of its rater and grade in `matrices`, for the
 * first true grade; a true grade further is q cells further. Of thirty raters' votes most are missing.
 */
type RowVotes = { start: Int32Array; cell: Int32Array }

function votesOfRows({ rows, raters, codes, votes, categories }: Table): RowVotes {
  const q = categories.length
  const start = new Int32Array(rows + 1)
  for (let row = 0; row < rows; row += 1) start[row + 1] = start[row]! + votes[row]!
  const cell = new Int32Array(start[rows]!)
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let r = 0; r < raters; r += 1) {
      const vote = codes[row * raters + r]!
      if (vote === MISSING) continue
      cell[at] = r * q * q + vote
      at += 1
    }
  return { start, cell }
}

/** rows x categories: the most frequent grades of each row share it equally. */
function startingPosterior(table: Table, rows: readonly number[]): Float64Array {
  const q = table.categories.length
  const posterior = new Float64Array(table.rows * q)
  for (const row of rows) {
    const counts = table.counts.subarray(row * q, (row + 1) * q)
    const most = Math.max(...counts)
    const ties = counts.filter((count) => count === most).length
    for (let k = 0; k < q; k += 1) if (counts[k] === most) posterior[row * q + k] = 1 / ties
  }
  return posterior
}

/** M-step. matrices[(rater q + true) q + voted]; a matrix row without weight stays 0. */
function maximise(
  table: Table,
  { start, cell }: RowVotes,
  rows: readonly number[],
  posterior: Float64Array,
  total: number,
): Parameters {
  const { raters } = table
  const q = table.categories.length
  const prior = new Float64Array(q)
  const matrices = new Float64Array(raters * q * q)
  for (const row of rows) {
    for (let k = 0; k < q; k += 1) {
      const mass = table.weights[row]! * posterior[row * q + k]!
      if (mass === 0) continue
      prior[k]! += mass / total
      for (let at = start[row]!; at < start[row + 1]!; at += 1) matrices[cell[at]! + k * q]! += mass
    }
  }
  for (let at = 0; at < matrices.length; at += q) {
    let sum = 0
    for (let l = 0; l < q; l += 1) sum += matrices[at + l]!
    if (sum > 0) for (let l = 0; l < q; l += 1) matrices[at + l]! /= sum
  }
  return { prior, matrices }
}

/** E-step, in place. Returns the largest move and the log-likelihood of the parameters given. */
function expect(
  table: Table,
  { start, cell }: RowVotes,
  rows: readonly number[],
  posterior: Float64Array,
  { prior, matrices }: Parameters,
) {
  const lnMatrices = matrices.map(Math.log)
  const q = table.categories.length
  const joint = new Float64Array(q)
  let moved = 0
  let logLikelihood = 0
  for (const row of rows) {
    // In logarithms: with many raters the product of their probabilities would underflow.
    let most = -Infinity
    for (let k = 0; k < q; k += 1) {
      let ln = Math.log(prior[k]!)
      for (let at = start[row]!; at < start[row + 1]!; at += 1) ln += lnMatrices[cell[at]! + k * q]!
      joint[k] = ln
      if (ln > most) most = ln
    }
    let sum = 0
    for (let k = 0; k < q; k += 1) sum += joint[k] = Math.exp(joint[k]! - most)
    for (let k = 0; k < q; k += 1) {
      const value = joint[k]! / sum
      moved = Math.max(moved, Math.abs(value - posterior[row * q + k]!))
      posterior[row * q + k] = value
    }
    logLikelihood += table.weights[row]! * (most + Math.log(sum))
  }
  return { moved, logLikelihood }
}

/** A rater's matrix for people: rows that no vote supports are null, and so is the matrix of a rater without votes. */
function confusionOf(
  table: Table,
  rows: readonly number[],
  posterior: Float64Array,
  matrices: Float64Array,
  rater: number,
): (number[] | null)[] | null {
  const q = table.categories.length
  const voted = rows.filter((row) => table.codes[row * table.raters + rater] !== MISSING)
  if (voted.length === 0) return null
  return Array.from({ length: q }, (_, k) =>
    voted.some((row) => posterior[row * q + k]! > 0)
      ? Array.from(matrices.subarray((rater * q + k) * q, (rater * q + k + 1) * q))
      : null,
  )
}

function largest(a: Float64Array, b: Float64Array): number {
  let most = 0
  for (let i = 0; i < a.length; i += 1) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}
