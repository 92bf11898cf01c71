import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * Votes that the file does not tell before the reading is sealed: keys of people, of studies and of readers in a study, each
 * kept only as a box for those who may open it, and a vote's content as one sealed text. All of it is base64.
 */
export async function up(db: Kysely<never>, dialect: Dialect): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).modifyEnd(dialect.tableEnd)

  await db.schema
    .alterTable('study')
    .addColumn('votes_encrypted', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()

  // A pair of a person: to seal to (X25519) and to sign with (Ed25519). The newest counts; after a reset there is another one.
  await table('account_key')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('signing_key', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('account_key_of')
    .on('account_key')
    .columns(['account_id'] as never)
    .execute()
  // The private halves under the password. A new password replaces the row, so that the old one opens nothing any more.
  await table('account_key_lock')
    .addColumn('key_id', 'text', (c) => c.primaryKey().references('account_key.id'))
    .addColumn('derivation', 'text', (c) => c.notNull())
    .addColumn('salt', 'text', (c) => c.notNull())
    .addColumn('box', 'text', (c) => c.notNull())
    .execute()

  // One pair each time a reading is opened.
  await table('study_key')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_id', 'text', (c) => c.notNull().references('study.id'))
    .addColumn('generation', 'integer', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('study_key_generation', ['study_id', 'generation'])
    .execute()
  // The private half for each lead who may open it.
  await table('study_key_share')
    .addColumn('study_key_id', 'text', (c) => c.notNull().references('study_key.id'))
    .addColumn('account_key_id', 'text', (c) => c.notNull().references('account_key.id'))
    .addColumn('box', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('study_key_share_pk', ['study_key_id', 'account_key_id'])
    .execute()
  // The same for the key that is printed (`box`), and that key for whoever has the study's already (`seed_box`).
  await table('study_recovery')
    .addColumn('study_key_id', 'text', (c) => c.primaryKey().references('study_key.id'))
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('box', 'text', (c) => c.notNull())
    .addColumn('seed_box', 'text', (c) => c.notNull())
    .addColumn('kept_at', 'text')
    .addColumn('kept_by', 'text', (c) => c.references('account.id'))
    .execute()
  // The private half itself, once the reading is sealed.
  await table('study_key_opened')
    .addColumn('study_key_id', 'text', (c) => c.primaryKey().references('study_key.id'))
    .addColumn('private_key', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()

  // What a reader's votes are sealed with: for the study, and for the reader's own pair.
  await table('reader_key')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('study_key_id', 'text', (c) => c.notNull().references('study_key.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('box', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('reader_key_of')
    .on('reader_key')
    .columns(['study_key_id', 'account_id'] as never)
    .execute()
  await table('reader_key_share')
    .addColumn('reader_key_id', 'text', (c) => c.notNull().references('reader_key.id'))
    .addColumn('account_key_id', 'text', (c) => c.notNull().references('account_key.id'))
    .addColumn('box', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('reader_key_share_pk', ['reader_key_id', 'account_key_id'])
    .execute()

  // No database drops a check as the other does: the votes are copied into a table made anew.
  await table('vote_again')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('assignment_id', 'text', (c) => c.notNull().references('assignment.id'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('cast', 'withdrawn')`))
    .addColumn('grade', 'integer')
    .addColumn('reason', 'text')
    .addColumn('note', 'text')
    .addColumn('worst_slice', 'integer')
    .addColumn('shown_at', 'text')
    .addColumn('cast_at', 'text', (c) => c.notNull())
    .addColumn('salt', 'text', (c) => c.notNull())
    .addColumn('confidence', 'integer')
    .addColumn('stack_grades', 'text')
    .addColumn('looked_ms', 'integer')
    .addColumn('request', 'text')
    .addColumn('reader_key_id', 'text', (c) => c.references('reader_key.id'))
    .addColumn('sealed', 'text')
    .addUniqueConstraint('vote_revision_once', ['assignment_id', 'revision'])
    .addCheckConstraint(
      'vote_says',
      sql`kind = 'withdrawn' or sealed is not null or (grade is null) <> (reason is null)`,
    )
    .addCheckConstraint(
      'vote_sealed_alone',
      sql`(sealed is null) = (reader_key_id is null) and (sealed is null or (grade is null and reason is null and
        note is null and worst_slice is null and confidence is null and stack_grades is null))`,
    )
    .execute()
  await sql`insert into vote_again (id, assignment_id, revision, kind, grade, reason, note, worst_slice, shown_at, cast_at,
      salt, confidence, stack_grades, looked_ms, request)
    select id, assignment_id, revision, kind, grade, reason, note, worst_slice, shown_at, cast_at,
      salt, confidence, stack_grades, looked_ms, request from vote order by id`.execute(db)
  await db.schema.dropTable('vote').execute()
  await db.schema.alterTable('vote_again').renameTo('vote').execute()
  await db.schema
    .createIndex('vote_request')
    .unique()
    .on('vote')
    .column('request' as never)
    .execute()

  for (const name of ['vote', 'account_key', 'study_key', 'study_key_share', 'study_key_opened'])
    await dialect.insertOnly(db, name)
  for (const name of ['reader_key', 'reader_key_share']) await dialect.insertOnly(db, name)
}
