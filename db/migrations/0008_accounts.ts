import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** `must_change`: an administrator has set the password; whoever owns the account chooses an own one at the next sign-in. */
export async function up(db: Kysely<never>, _dialect: Dialect): Promise<void> {
  await db.schema
    .alterTable('account')
    .addColumn('must_change', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
}
