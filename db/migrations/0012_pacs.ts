import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Picture archives that scans come from and reports go to. A credential is in none of these tables. `scan_origin` holds keyed
 * digests of the identifiers of a scan's study and series, by which an archive is asked for them again; `report_sent` what
 * was stored where.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('pacs')
    .modifyEnd(dialect.tableEnd)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('auth', 'text', (c) => c.notNull())
    .addColumn('ca', 'text')
    .addColumn('plain', 'integer', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('removed_at', 'text')
    .execute()
  await db.schema
    .createTable('scan_origin')
    .modifyEnd(dialect.tableEnd)
    .addColumn('scan_id', 'text', (c) => c.primaryKey().references('scan.id'))
    .addColumn('study_digest', 'text', (c) => c.notNull())
    .addColumn('series_digest', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('scan_origin_series').on('scan_origin').column('series_digest').execute()
  await dialect.insertOnly(db, 'scan_origin')
  await db.schema
    .createTable('report_sent')
    .modifyEnd(dialect.tableEnd)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('label_set_id', 'text', (c) => c.notNull().references('label_set.id'))
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('pacs_id', 'text', (c) => c.notNull().references('pacs.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('sent_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('report_sent_once', ['label_set_id', 'scan_id', 'pacs_id', 'kind'])
    .execute()
  await dialect.insertOnly(db, 'report_sent')
}
