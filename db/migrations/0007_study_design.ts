import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * How a study is read: its design, cases whose grade is known, votes by stack and with confidence, second votes after the
 * model's grade, and what a reader finds again (the place in the queue, own keys).
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).modifyEnd(dialect.tableEnd)
  const add = (name: string, build: (t: ReturnType<typeof db.schema.alterTable>) => { execute(): Promise<void> }) =>
    build(db.schema.alterTable(name)).execute()

  await add('study', (t) => t.addColumn('design', 'text', (c) => c.notNull().defaultTo('{}')))

  // `place`: the number the reader is told; null where it is the position. `code`: what the reader is told in place of the
  // scan's pseudonym, in studies that show scans twice. `follows`: the assignment whose vote must come first (paired reading).
  await add('assignment', (t) => t.addColumn('place', 'integer'))
  await add('assignment', (t) => t.addColumn('code', 'text'))
  await add('assignment', (t) => t.addColumn('follows', 'text', (c) => c.references('assignment.id')))

  // `looked_ms`: time spent looking, pauses left out; `shown_at` to `cast_at` includes them.
  await add('vote', (t) => t.addColumn('confidence', 'integer'))
  await add('vote', (t) => t.addColumn('stack_grades', 'text'))
  await add('vote', (t) => t.addColumn('looked_ms', 'integer'))

  // A scan, of this study or another, whose grade is known. Added and removed while the study is a draft.
  await table('known_case')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scan.id'))
    .addColumn('use', 'text', (c) => c.notNull().check(sql`"use" in ('exemplar', 'calibration', 'hidden')`))
    .addColumn('grade', 'integer', (c) => c.notNull())
    .addColumn('why', 'text')
    .addColumn('motion_mm', dialect.real as never)
    .addColumn('origin', 'text', (c) => c.notNull().check(sql`origin in ('phantom', 'settled', 'named')`))
    .addColumn('added_by', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('added_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('known_case_once', ['study_id', 'scan_id'])
    .execute()

  // Where a reader was: one row a study, replaced as the reader moves.
  await table('reading_place')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('assignment_id', 'text', (c) => c.notNull().references('assignment.id'))
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('reading_place_pk', ['account_id', 'study_id'])
    .execute()

  // What a person chose for themselves, the same at every workstation.
  await table('account_setting')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('account_setting_pk', ['account_id', 'name'])
    .execute()
}
