import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type Pg from 'pg'
import type { ClientConfig, Pool as PgPool } from 'pg'
import { tlsOf, type ServerAddress } from './address.ts'
import { isConflict, serverError } from './server-error.ts'

/** How to reach a department's database. A password of null: PGPASSWORD or the file that PGPASSFILE names. */
export interface ServerPlace {
  address: ServerAddress
  password: string | null
}

/** Seconds a connection may take to come about, a transaction may wait for the others, and may stand still. */
const connectWithin = 5
const waitAtMost = 20
const stillAtMost = 15

/** Kysely needs this of pg's Pool; `cut` ends every connection at once, so that nobody waits for a line that is dead. */
export interface Pool extends PostgresPool {
  cut(): void
}

/** What every connection is told. pg is loaded only where a server is used. */
export async function connection(place: ServerPlace): Promise<ClientConfig> {
  const { types } = (await import('pg')).default
  const { host, port, database, user } = place.address
  return {
    ...{ host, port, database, user, ssl: tlsOf(place.address) },
    ...(place.password === null ? {} : { password: place.password }),
    application_name: 'Concord',
    connectionTimeoutMillis: connectWithin * 1000,
    lock_timeout: waitAtMost * 1000,
    idle_in_transaction_session_timeout: stillAtMost * 1000,
    keepAlive: true,
    // Committed means on the server's disk, whatever the server's own habit; short queries are not worth compiling.
    options: '-c synchronous_commit=on -c jit=off',
    types: {
      getTypeParser: ((oid: TypeId, format: 'text' | 'binary') =>
        (format === 'binary' ? undefined : asInSqlite[oid]) ?? (types.getTypeParser(oid, format) as Parser)) as never,
    },
  }
}

type TypeId = Parameters<typeof Pg.types.getTypeParser>[0]
type Parser = (text: string) => unknown

/** Counts, sums, means and conditions come back as the numbers that SQLite gives. */
const asInSqlite: Record<number, Parser> = {
  16: (text) => (text === 't' ? 1 : 0),
  20: Number,
  1700: Number,
}

export async function openPool(place: ServerPlace): Promise<Pool> {
  const pg = (await import('pg')).default
  const pool: PgPool = new pg.Pool({ ...(await connection(place)), max: 6 })
  const open = new Set<{ connection?: { stream: { destroy(): void } } }>()
  // A connection that breaks while nobody uses it is simply replaced.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void open.add(client as never))
  pool.on('remove', (client) => void open.delete(client as never))
  const wrapped = new WeakMap<object, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    cut() {
      for (const client of open) client.connection?.stream.destroy()
    },
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw serverError(error)
      })
      let known = wrapped.get(client)
      if (!known) {
        // While it is in use, its breaking is told by the query that is under way, or by the next one.
        client.on('error', () => undefined)
        known = inWords(client)
        wrapped.set(client, known)
      }
      return known
    },
  }
}

/** The same connection, whose errors say what a person can do; conflicts stay as they are, since they are tried again. */
function inWords(client: PostgresPoolClient): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]): Promise<unknown> =>
    (client.query(text, values) as Promise<unknown>).catch((error: unknown) => {
      throw isConflict(error) ? error : serverError(error)
    })
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
    ...(client.processID === undefined ? {} : { processID: client.processID }),
  }
}
