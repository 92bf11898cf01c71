import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Studies that are read where there is no network. `packet` says which were opened here and which votes came home; of a vote
 * that stands under another revision than it was cast with, `cast_revision` is the one that its envelope is bound to.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema.alterTable('vote').addColumn('cast_revision', 'integer').execute()
  await db.schema
    .createTable('packet')
    .modifyEnd(dialect.tableEnd)
    .addColumn('digest', 'text', (c) => c.primaryKey())
    .addColumn('act', 'text', (c) => c.notNull())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('signing_key', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('packet_study')
    .on('packet')
    .columns(['study_id', 'act'] as never)
    .execute()
  await dialect.insertOnly(db, 'packet')
}
