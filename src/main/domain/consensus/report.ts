import type { Ratings } from '../agreement/ratings.ts'
import { type Table, tabulate } from '../agreement/table.ts'
import { MISSING, type Scale } from '../scale.ts'
import { type DawidSkene, dawidSkene, dawidSkeneSteps, type EmStep } from './dawid-skene.ts'
import { consensusReasons, decide, type Decision, type RuleConflict, ruleConflict, type VoteRule } from './rules.ts'
import { labelled } from './scan.ts'

export const consensusRules = ['majority', 'rounded-mean', 'median', 'dawid-skene'] as const
export type ConsensusRule = (typeof consensusRules)[number]

export type ConsensusLabel = {
  subject: string
  /** The grades present, in the order of the raters. */
  votes: number[]
  label: number | null
  rescan: boolean | null
  conflict?: RuleConflict
  reason?: string
}

/** Two grades whose posterior differs by less than rounding are a tie. */
const TIE = 1e-9

/**
 * Labels of every subject by one rule, with the conflicts between rules, under the keys of the `consensus` command.
 * `posterior` has one row a subject, in the order of `labels`, null for a subject without votes.
 * @param work of Dawid and Skene's rule: votes looked at, at most
 */
export function consensusReport(ratings: Ratings, rule: ConsensusRule, rescanFrom: number | null, work?: number) {
  const table = tabulate(ratings)
  const scale: Scale = { categories: ratings.categories, rescanFrom }
  const model = rule === 'dawid-skene' ? dawidSkene(table, work) : null
  const byRow = Array.from({ length: table.rows }, (_, row) => labelOfRow(table, row, rule, scale, model))
  const labels = ratings.subjects.map((subject, s): ConsensusLabel => ({ subject, ...byRow[table.rowOf[s]!]! }))
  const noConsensus = labels.filter(({ label }) => label === null).length
  const ruleConflicts = labels.filter(({ conflict }) => conflict !== undefined).length
  const report = { rule, labels, noConsensus, ruleConflicts }
  if (model === null) return report
  return {
    ...report,
    posterior: Array.from(table.rowOf, (row) => model.posterior[row]!),
    readers: ratings.raters.map((rater, r) => ({ rater, confusion: model.readers[r]! })),
    prior: model.prior,
    logLikelihood: model.logLikelihood,
    iterations: model.iterations,
    converged: model.converged,
    ...(model.prior === null ? { reason: consensusReasons.noVotes } : {}),
  }
}

/** The label of each row of the table by Dawid and Skene's rule, null where it gives none; in steps of one iteration. */
export function* dawidSkeneLabels(table: Table): Generator<undefined, (number | null)[]> {
  const steps = estimatedRows(table)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value.labels
    yield
  }
}

/** The same with the estimate that they come from. @param work votes looked at, at most */
export function* estimatedRows(
  table: Table,
  work?: number,
): Generator<EmStep, DawidSkene & { labels: (number | null)[] }> {
  const model = yield* dawidSkeneSteps(table, work)
  const labels = model.posterior.map((own) => {
    const { category } = mostProbable(own)
    return category === null ? null : table.categories[category]!
  })
  return { ...model, labels }
}

function labelOfRow(
  table: Table,
  row: number,
  rule: ConsensusRule,
  scale: Scale,
  model: DawidSkene | null,
): Omit<ConsensusLabel, 'subject'> {
  const q = table.categories.length
  const counts = table.counts.subarray(row * q, (row + 1) * q)
  const votes: number[] = []
  for (const code of table.codes.subarray(row * table.raters, (row + 1) * table.raters))
    if (code !== MISSING) votes.push(table.categories[code]!)
  const decision: Decision =
    rule === 'dawid-skene'
      ? mostProbable(model?.posterior[row] ?? null)
      : decide(rule satisfies VoteRule, counts, table.categories)
  const conflict = ruleConflict(counts, table.categories, scale.rescanFrom)
  const marked = conflict === null ? {} : { conflict }
  if (decision.category === null)
    return { votes, label: null, rescan: null, ...marked, reason: decision.reason ?? consensusReasons.noVotes }
  return { votes, ...labelled(decision.category, scale), ...marked }
}

function mostProbable(posterior: number[] | null): Decision {
  if (posterior === null) return { category: null, reason: consensusReasons.noVotes }
  const most = Math.max(...posterior)
  const first = posterior.indexOf(most)
  const tied = posterior.some((value, k) => k !== first && most - value < TIE)
  return tied ? { category: null, reason: consensusReasons.tie } : { category: first }
}
