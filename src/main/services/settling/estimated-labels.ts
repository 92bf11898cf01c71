import type { Row } from '../../store/schema.ts'

type Estimate = { iterations: number; converged: boolean }

/** How Dawid and Skene's estimate ended; null where the set's rule estimates nothing, or where it was not kept yet. */
export const estimateOf = (row: Pick<Row<'label_set'>, 'em_iterations' | 'em_converged'>): Estimate | null =>
  row.em_iterations === null ? null : { iterations: row.em_iterations, converged: row.em_converged === 1 }
