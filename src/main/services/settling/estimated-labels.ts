import { ratingsOf } from '../../domain/agreement/ratings.ts'
import { consensusReport } from '../../domain/consensus/report.ts'
import type { Row } from '../../store/schema.ts'
import type { CountingVote } from '../votes/counting.ts'

type Estimate = { iterations: number; converged: boolean }

/**
 * The most probable grade of each scan and its posterior (Dawid & Skene 1979), which takes the votes' shares' place as the
 * soft label, and how the estimate ended. "Cannot be graded" is no grade and tells the model nothing.
 * @param work votes looked at, at most; the rule's own bound where not given
 */
export function estimatedLabels(votes: readonly CountingVote[], categories: readonly number[], work?: number) {
  const rated = votes.map((v) => ({ subject: v.scanId, rater: v.letter, grade: v.grade }))
  const report = consensusReport(ratingsOf(rated, categories), 'dawid-skene', null, work)
  if (!('posterior' in report)) throw new Error('the rule estimates')
  return {
    labels: new Map(
      report.labels.map(({ subject, label }, s) => [subject, { label, posterior: report.posterior[s] ?? null }]),
    ),
    ...{ iterations: report.iterations, converged: report.converged },
  }
}

/** As a label set keeps it; null where its rule estimates nothing, or where it was not kept yet. */
export const estimateOf = (row: Pick<Row<'label_set'>, 'em_iterations' | 'em_converged'>): Estimate | null =>
  row.em_iterations === null ? null : { iterations: row.em_iterations, converged: row.em_converged === 1 }
