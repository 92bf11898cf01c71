import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * What the audit trail says of one row is found without reading all of it. `workstation`: when each of the workstations at a
 * department's database was there last, in seconds since 1970 by the server's clock, so that work whose workstation died is
 * known to the others; `interrupted_at` of a run or series: since when it does not go on.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema
    .createIndex('audit_subject')
    .on('audit')
    .column('subject' as never)
    .execute()
  await db.schema
    .createTable('workstation')
    .modifyEnd(dialect.tableEnd)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('seen', dialect.real as never, (c) => c.notNull())
    .execute()
  for (const table of ['training_run', 'training_series'])
    await db.schema.alterTable(table).addColumn('interrupted_at', 'text').execute()
}
