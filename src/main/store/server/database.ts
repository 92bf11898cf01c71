import {
  CompiledQuery,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  PostgresDriver,
  replaceWithNoncontingentExpression,
  sql,
  type DatabaseConnection,
  type TransactionBuilder,
  type TransactionSettings,
} from 'kysely'
import { byteOrder, postgresDialect } from '../../../../db/dialect.ts'
import { migrations } from '../../../../db/migrate.ts'
import { ConcordError } from '../../domain/error.ts'
import { applicationId, type Database } from '../database.ts'
import type { Tables } from '../schema.ts'
import { openPool, type Pool, type ServerPlace } from './pool.ts'
import { isConflict, serverError } from './server-error.ts'

/** PostgreSQL 13: what the statistics ask of it (pg_current_snapshot) came with it. */
const oldest = 130_000
const attempts = 5

/**
 * Opens a department's database, making or upgrading its tables as needed; several workstations may do so at once.
 * Errors: `database-unreachable`, `database-refused`, `database-missing`, `database-tls`, `database-old`,
 * `database-encoding`, `database-foreign`, `database-newer`.
 */
export async function openServer(place: ServerPlace): Promise<{ db: Database; pool: Pool }> {
  const pool = await openPool(place)
  const dialect = new OneServer(pool)
  // "in ()", which SQLite answers with no, PostgreSQL does not read.
  const plugins = [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })]
  const db = new Department({ dialect, plugins })
  try {
    await requireServer(db)
    await migrate(db)
    dialect.version = migrations.length
    return { db, pool }
  } catch (error) {
    await db.destroy().catch(() => undefined)
    throw error
  }
}

/**
 * PostgreSQL as the audit chain needs it: transactions stand in line for one lock, as they do for SQLite's file, so that two
 * workstations that vote at once append one after the other, each to what the other committed.
 * The lock is taken by a statement of its own: only then do those after it (READ COMMITTED) see what was committed before.
 */
class OneServer extends PostgresDialect {
  readonly pool: Pool
  /** The tables' version that this program knows; 0: not to be asked about. */
  version = 0

  constructor(pool: Pool) {
    super({ pool })
    this.pool = pool
  }

  override createDriver(): PostgresDriver {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the driver reads the version that is known later
    const dialect = this
    return new (class extends PostgresDriver {
      override async beginTransaction(one: DatabaseConnection, settings: TransactionSettings): Promise<void> {
        await super.beginTransaction(one, settings)
        try {
          await one.executeQuery(CompiledQuery.raw(`select pg_advisory_xact_lock(${applicationId})`))
          if (dialect.version > 0) await requireVersion(one, dialect.version)
        } catch (error) {
          await one.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
          throw error
        }
      }
    })({ pool: dialect.pool })
  }
}

/** A transaction that met another one is done again, from its beginning. */
class Department extends Kysely<Tables> {
  override transaction(): TransactionBuilder<Tables> {
    const builder = super.transaction()
    const once = builder.execute.bind(builder)
    builder.execute = async (work) => {
      for (let attempt = 1; ; attempt++)
        try {
          return await once(work)
        } catch (error) {
          if (!isConflict(error) || attempt === attempts) throw serverError(error)
        }
    }
    return builder
  }
}

/** Another workstation may have been given a newer program meanwhile: this one must not write into its tables. */
async function requireVersion(one: DatabaseConnection, known: number): Promise<void> {
  const { rows } = await one.executeQuery<{ version: number }>(CompiledQuery.raw('select version from concord_program'))
  if ((rows[0]?.version ?? 0) > known) throw newer()
}

const newer = (): ConcordError =>
  new ConcordError(
    'database-newer',
    'This database was written by a newer version of Concord. Install that version; nothing was changed.',
  )

async function requireServer(db: Database): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string }>`select
    current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`.execute(db)
  if (rows[0]!.version < oldest)
    throw new ConcordError('database-old', 'The department’s server is older than PostgreSQL 13. Ask for a newer one.')
  if (rows[0]!.encoding !== 'UTF8')
    throw new ConcordError(
      'database-encoding',
      `The database keeps text as ${rows[0]!.encoding}. Ask for one made with encoding UTF8.`,
    )
}

/** In one transaction, under the lock: of several workstations that start at once one makes the tables. */
async function migrate(db: Database): Promise<void> {
  await db.transaction().execute(async (t) => {
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = current_schema()`.execute(t)
    const ours = rows.some(({ name }) => name === 'concord_program')
    const kept = ours
      ? (await sql<Kept>`select application_id, version from concord_program`.execute(t)).rows[0]
      : undefined
    if (kept?.application_id !== applicationId && rows.length > 0)
      throw new ConcordError(
        'database-foreign',
        'This database belongs to another program. Ask for an empty one of its own for Concord.',
      )
    const version = kept?.version ?? 0
    if (version > migrations.length) throw newer()
    if (version === migrations.length) return
    const tables = t.withPlugin(byteOrder)
    for (const { up } of migrations.slice(version)) await up(tables as never, postgresDialect)
    if (!kept) {
      await sql`create table concord_program (application_id integer not null, version integer not null)`.execute(t)
      await sql`insert into concord_program values (${applicationId}, ${migrations.length})`.execute(t)
    } else await sql`update concord_program set version = ${migrations.length}`.execute(t)
  })
}
interface Kept {
  application_id: number
  version: number
}
