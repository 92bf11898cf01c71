import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * What comes after the reading. Being unblinded is a fact of its own, apart from the state: disputes are settled before
 * and after it. The lead may let readers see how they differ. An adjudication's reason from the list stands apart from the
 * lead's own words. `report_note`: what only the authors of a report know; the newest note of an item counts.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema.alterTable('study').addColumn('unblinded_at', 'text').execute()
  await db.schema
    .alterTable('study')
    .addColumn('readers_see_afterwards', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await sql`update study set unblinded_at = (
    select max(audit.at) from audit where audit.act = 'study.unblinded' and audit.subject = study.id)`.execute(db)

  await db.schema
    .alterTable('adjudication')
    .addColumn('cause', 'text', (c) => c.notNull().defaultTo('other'))
    .execute()

  await db.schema
    .createTable('report_note')
    .modifyEnd(dialect.tableEnd)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('item', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await dialect.insertOnly(db, 'report_note')
}
