import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * What the pages about packets tell: also which ones were made and taken along (`act`), by whom, how many votes, and when the
 * file itself was made. `first_round` is the first round that could be read when a study's packet was made: where its reading
 * was opened again for more scans, what was left over from before is not read any more.
 */
export async function up(db: Kysely<never>, _dialect: Dialect): Promise<void> {
  const add = (name: string, type: 'text' | 'integer') => db.schema.alterTable('packet').addColumn(name, type).execute()
  await db.schema
    .alterTable('packet')
    .addColumn('done_by', 'text', (c) => c.references('account.id'))
    .execute()
  await add('votes', 'integer')
  await add('made_at', 'text')
  await add('first_round', 'integer')
}
