import type { Kysely } from 'kysely'

/**
 * How Dawid and Skene's estimate behind a label set ended: after how many iterations, and whether it had converged by then. Null of the
 * other rules, and of sets that were frozen before this was kept.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const column of ['em_iterations', 'em_converged'])
    await db.schema.alterTable('label_set').addColumn(column, 'integer').execute()
}
