import { sql, type Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Models that came from elsewhere or are made of others, so that a model need not have a run of its own; what each model said
 * of the scans it never learned from; predictions with their rule and disagreement; models taken out of use; and scans
 * that were sent back to the readers because a model was unsure.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).modifyEnd(dialect.tableEnd)

  // No database drops "not null" as the other does: the two tables are made anew and filled.
  await table('model_again')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('run_id', 'text', (c) => c.references('training_run.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('parameters', 'integer', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull().check(sql`origin in ('run', 'import', 'ensemble')`))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addCheckConstraint('model_of_run', sql`(origin = 'run') = (run_id is not null)`)
    .execute()
  await sql`insert into model_again (id, study_id, run_id, name, sha256, parameters, origin, created_at)
    select id, study_id, run_id, name, sha256, parameters, 'run', created_at from model`.execute(db)
  await table('prediction_again')
    .addColumn('model_id', 'text', (c) => c.notNull().references('model_again.id'))
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('grade', 'integer', (c) => c.notNull())
    .addColumn('expected_grade', dialect.real as never, (c) => c.notNull())
    .addColumn('uncertainty', dialect.real as never, (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull().check(sql`rule in ('mean', 'majority')`))
    .addColumn('tie', 'integer', (c) => c.notNull())
    .addColumn('slice_disagreement', dialect.real as never)
    .addColumn('member_disagreement', dialect.real as never)
    .addColumn('probabilities', 'text', (c) => c.notNull())
    .addColumn('slices', 'text', (c) => c.notNull())
    .addColumn('members', 'text')
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('prediction_of', ['model_id', 'scan_id'])
    .execute()
  await sql`insert into prediction_again
    (model_id, scan_id, grade, expected_grade, uncertainty, rule, tie, probabilities, slices, at)
    select model_id, scan_id, grade, expected_grade, uncertainty, 'mean', 0, probabilities, slices, at
    from prediction`.execute(db)
  await db.schema.dropTable('prediction').execute()
  await db.schema.dropTable('model').execute()
  await db.schema.alterTable('model_again').renameTo('model').execute()
  await db.schema.alterTable('prediction_again').renameTo('prediction').execute()

  // The networks an ensemble asks, in order.
  await table('model_member')
    .addColumn('ensemble_id', 'text', (c) => c.notNull().references('model.id'))
    .addColumn('model_id', 'text', (c) => c.notNull().references('model.id'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('model_member_pk', ['ensemble_id', 'model_id'])
    .execute()

  // What a network said of scans that it did not learn from, when it was made: its figures can be computed again from these.
  await table('held_out')
    .addColumn('model_id', 'text', (c) => c.notNull().references('model.id'))
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('part', 'text', (c) => c.notNull().check(sql`part in ('validation', 'test')`))
    .addColumn('grade', 'integer', (c) => c.notNull())
    .addColumn('probabilities', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('held_out_pk', ['model_id', 'scan_id'])
    .execute()

  // Out of use, and why; the model itself stays.
  await table('model_retired')
    .addColumn('model_id', 'text', (c) => c.primaryKey().references('model.id'))
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()

  // A sealed reading that was opened again for more scans: rounds from `first_round` on are read, those before stay closed.
  await table('reading_again')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('model_id', 'text', (c) => c.notNull().references('model.id'))
    .addColumn('first_round', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .alterTable('training_run')
    .addColumn('based_on', 'text', (c) => c.references('training_run.id'))
    .execute()

  for (const name of ['model', 'model_member', 'held_out', 'model_retired', 'reading_again'])
    await dialect.insertOnly(db, name)
}
