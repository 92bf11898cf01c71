import {
  OperationNodeTransformer,
  RawNode,
  sql,
  type ColumnDefinitionNode,
  type Kysely,
  type KyselyPlugin,
  type RawBuilder,
} from 'kysely'

/**
 * The only place that knows how one database differs from another. Migrations and queries use this and Kysely's builder,
 * so that a department can put PostgreSQL in SQLite's place without another copy of the queries.
 */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** A 64-bit floating-point column. */
  readonly real: RawBuilder<unknown>
  /** What ends a CREATE TABLE. */
  readonly tableEnd: RawBuilder<unknown>
  /** Makes the database itself refuse UPDATE and DELETE of the table's rows. */
  insertOnly(db: Kysely<never>, table: string): Promise<void>
  /** As `insertOnly`, but rows can be removed as long as the row of another table that they belong to is not there. */
  insertOnlyOf(db: Kysely<never>, table: string, whole: { table: string; column: string }): Promise<void>
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
  async insertOnlyOf(db, table, whole) {
    for (const act of ['update', 'delete']) {
      const message = sql.lit(`rows of ${table} are never changed or removed`)
      const when =
        act === 'update'
          ? sql``
          : sql`when exists (select 1 from ${sql.table(whole.table)} where id = old.${sql.ref(whole.column)})`
      await sql`create trigger ${sql.raw(`${table}_no_${act}`)} before ${sql.raw(act)} on ${sql.table(table)} ${when}
        begin select raise(abort, ${message}); end`.execute(db)
    }
  },
}

export const postgresDialect: Dialect = {
  name: 'postgres',
  // PostgreSQL's own "real" has 32 bits.
  real: sql`double precision`,
  tableEnd: sql``,
  async insertOnly(db, table) {
    await sql`create or replace function concord_refuse() returns trigger language plpgsql as
      $$ begin raise exception 'rows of % are never changed or removed', tg_table_name; end $$`.execute(db)
    await sql`create trigger ${sql.raw(`${table}_only_grows`)} before update or delete or truncate on ${sql.table(table)}
      for each statement execute function concord_refuse()`.execute(db)
  },
  async insertOnlyOf(db, table, whole) {
    await sql`create function ${sql.raw(`concord_refuse_${table}`)}() returns trigger language plpgsql as
      $$ begin
        if tg_op = 'DELETE' and not exists (select 1 from ${sql.table(whole.table)} where id = old.${sql.ref(whole.column)})
          then return old; end if;
        raise exception 'rows of % are never changed or removed', tg_table_name;
      end $$`.execute(db)
    await sql`create trigger ${sql.raw(`${table}_only_grows`)} before update or delete on ${sql.table(table)}
      for each row execute function ${sql.raw(`concord_refuse_${table}`)}()`.execute(db)
    await sql`create trigger ${sql.raw(`${table}_no_truncate`)} before truncate on ${sql.table(table)}
      for each statement execute function concord_refuse()`.execute(db)
  },
}

/** Text sorts by its bytes, as SQLite sorts it, whatever language the server speaks: digests are of rows in order. */
export const byteOrder: KyselyPlugin = {
  transformQuery: ({ node }) => new ByteOrder().transformNode(node),
  transformResult: ({ result }) => Promise.resolve(result),
}

class ByteOrder extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const column = super.transformColumnDefinition(node)
    const type = column.dataType as { kind: string; dataType?: unknown }
    if (type.kind !== 'DataTypeNode' || type.dataType !== 'text') return column
    return { ...column, dataType: RawNode.createWithSql('text collate "C"') }
  }
}
