import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * The truth about a scan where a study has one (a later fracture, a measured density, how the phantom made it): sensitivity and
 * specificity are reckoned against it. A correction is another row; the newest of a scan counts.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('scan_reference')
    .modifyEnd(dialect.tableEnd)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('grade', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('scan_reference_study').on('scan_reference').column('study_id').execute()
  await dialect.insertOnly(db, 'scan_reference')
}
