import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * The day a scan was made, where its file says so: a test part can be held out by date. Series of runs: folds of a
 * cross-validation, networks or recipes held against one another, a choice tuned inside each fold.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).modifyEnd(dialect.tableEnd)

  await table('scan_day')
    .addColumn('scan_id', 'text', (c) => c.primaryKey().references('scan.id'))
    .addColumn('day', 'text', (c) => c.notNull())
    .execute()

  await table('training_series')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('label_set_id', 'text', (c) => c.notNull().references('label_set.id'))
    .addColumn('plan', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) =>
      c.notNull().check(sql`state in ('running', 'interrupted', 'cancelled', 'failed', 'done')`),
    )
    .addColumn('error', 'text')
    .addColumn('started_by', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('started_at', 'text', (c) => c.notNull())
    .execute()

  await table('training_series_run')
    .addColumn('run_id', 'text', (c) => c.primaryKey().references('training_run.id'))
    .addColumn('series_id', 'text', (c) => c.notNull().references('training_series.id'))
    .addColumn('step', 'text', (c) => c.notNull())
    .addUniqueConstraint('training_series_step', ['series_id', 'step'])
    .execute()
}
