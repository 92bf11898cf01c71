import { sql, type Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Where the square region of interest of a radiograph was placed, by whom, and by which size of a pixel. With an assignment it is
 * a reader's own, on that place of the queue; without one it is the study's. Moving a region adds a revision.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('roi_placement')
    .modifyEnd(dialect.tableEnd)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('assignment_id', 'text', (c) => c.references('assignment.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    // The middle in pixels of the original; the middle of its first pixel is (0, 0).
    .addColumn('x', dialect.real as never, (c) => c.notNull())
    .addColumn('y', dialect.real as never, (c) => c.notNull())
    .addColumn('edge_mm', dialect.real as never, (c) => c.notNull())
    // Degrees. Regions are upright so far; the column says so.
    .addColumn('rotation', dialect.real as never, (c) => c.notNull())
    .addColumn('spacing', dialect.real as never, (c) => c.notNull())
    .addColumn('spacing_from', 'text', (c) => c.notNull().check(sql`spacing_from in ('file', 'assumed')`))
    // 1: the person said that the values run the wrong way round, bone dark.
    .addColumn('inverted', 'integer', (c) => c.notNull())
    .addColumn('placed_at', 'text', (c) => c.notNull())
    .execute()
  await sql`create unique index roi_revision on roi_placement
    (study_id, coalesce(assignment_id, scan_id), revision)`.execute(db)
  await db.schema.createIndex('roi_scan').on('roi_placement').columns(['study_id', 'scan_id']).execute()
  await dialect.insertOnly(db, 'roi_placement')
}
