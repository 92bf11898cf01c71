import { sql, type Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Labels are written some at a time, before the row of their set, which makes them valid: so no label refers to a row that must be
 * there first, and those of a set that never came can be removed. Once it is there they are never changed, as before.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('label_of_set')
    .modifyEnd(dialect.tableEnd)
    .addColumn('label_set_id', 'text', (c) => c.notNull())
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('grade', 'integer', (c) => c.notNull())
    .addColumn('distribution', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull().check(sql`origin in ('rule', 'adjudicated')`))
    .addPrimaryKeyConstraint('label_of_set_pk', ['label_set_id', 'scan_id'])
    .execute()
  await sql`insert into label_of_set (label_set_id, scan_id, grade, distribution, origin)
    select label_set_id, scan_id, grade, distribution, origin from label`.execute(db)
  await db.schema.dropTable('label').execute()
  await db.schema.alterTable('label_of_set').renameTo('label').execute()
  await dialect.insertOnlyOf(db, 'label', { table: 'label_set', column: 'label_set_id' })
}
