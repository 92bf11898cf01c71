import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Several workstations at one database. `workstation`: the one that does the work; only that one finds it interrupted when
 * it starts again (null: before there were several). `request`: what the page calls its vote, so that one sent again after the
 * connection was lost is not cast twice.
 */
export async function up(db: Kysely<never>, _dialect: Dialect): Promise<void> {
  for (const table of ['job', 'training_run', 'training_series'])
    await db.schema.alterTable(table).addColumn('workstation', 'text').execute()
  await db.schema.alterTable('vote').addColumn('request', 'text').execute()
  await db.schema
    .createIndex('vote_request')
    .unique()
    .on('vote')
    .column('request' as never)
    .execute()
}
