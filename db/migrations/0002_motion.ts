import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * The quantitative motion estimate (QME) of scans that came with their projections, computed once at import. It stands
 * apart from `scan`, which readers' queries read: they must not meet it before their vote.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('motion_estimate')
    .modifyEnd(dialect.tableEnd)
    .addColumn('scan_id', 'text', (c) => c.primaryKey().references('scan.id'))
    .addColumn('qme_ncc', dialect.real as never)
    .addColumn('qme_ssd', dialect.real as never)
    .addColumn('reason', 'text')
    .addColumn('centre', dialect.real as never, (c) => c.notNull())
    .addColumn('centre_by', 'text', (c) => c.notNull())
    .addColumn('format', 'text', (c) => c.notNull())
    .addColumn('computed_at', 'text', (c) => c.notNull())
    .addCheckConstraint('motion_estimate_why', sql`(qme_ncc is not null and qme_ssd is not null) or reason is not null`)
    .execute()
  await dialect.insertOnly(db, 'motion_estimate')
}
