import { sql, type Kysely, type RawBuilder } from 'kysely'

/**
 * The only place that knows how one database differs from another. Migrations and queries use this and Kysely's builder,
 * so that a department can put PostgreSQL in SQLite's place without another copy of the queries.
 */
export interface Dialect {
  readonly name: 'sqlite'
  /** A 64-bit floating-point column. */
  readonly real: RawBuilder<unknown>
  /** What ends a CREATE TABLE. */
  readonly tableEnd: RawBuilder<unknown>
  /** Makes the database itself refuse UPDATE and DELETE of the table's rows. */
  insertOnly(db: Kysely<never>, table: string): Promise<void>
}

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  real: sql`real`,
  tableEnd: sql`strict`,
  async insertOnly(db, table) {
    for (const act of ['update', 'delete']) {
      const message = sql.lit(`rows of ${table} are never changed or removed`)
      await sql`create trigger ${sql.raw(`${table}_no_${act}`)} before ${sql.raw(act)} on ${sql.table(table)}
        begin select raise(abort, ${message}); end`.execute(db)
    }
  },
}
