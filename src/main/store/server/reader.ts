import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Client } from 'pg'
import type { Reader } from '../reader.ts'
import type { Tables } from '../schema.ts'
import { connection, type ServerPlace } from './pool.ts'
import { serverError, unreachable } from './server-error.ts'

/** Rows fetched at a time: some milliseconds of work. */
const PORTION = 10_000

/** Reads a department's database through one connection that cannot write; a connection that broke is made anew. */
export async function openServerReader(place: ServerPlace): Promise<Reader> {
  const pg = (await import('pg')).default
  const config = { ...(await connection(place)), options: '-c default_transaction_read_only=on -c jit=off' }
  let line: Promise<Client> | null = null
  /** One query after another: a cursor lives in its transaction. */
  let turn: Promise<unknown> = Promise.resolve()

  function connected(): Promise<Client> {
    line ??= (async () => {
      const client = new pg.Client(config)
      const lost = (): void => void (line = null)
      client.on('error', lost)
      client.on('end', lost)
      await client.connect()
      return client
    })()
    line.catch(() => (line = null))
    return line
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work)
    turn = mine.catch(() => undefined)
    return mine
  }

  /** Waits for the answer within the steps; what went wrong is thrown there. */
  function* answer<T>(work: () => Promise<T>): Generator<Promise<void>, T, void> {
    let outcome: { value: T } | { error: unknown } = { error: unreachable() }
    yield work().then(
      (value) => void (outcome = { value }),
      (error: unknown) => void (outcome = { error: serverError(error) }),
    )
    if ('error' in outcome) throw outcome.error
    return (outcome as { value: T }).value
  }

  const build = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })

  return {
    build,
    *read(query, take) {
      const { sql, parameters } = query.compile()
      let done = (): void => undefined
      const over = new Promise<void>((resolve) => (done = resolve))
      // The next one's turn comes when this one has read its last row or failed.
      const mine = new Promise<Client>((resolve, reject) => {
        void inTurn(async () => {
          await connected().then(resolve, reject)
          await over
        })
      })
      try {
        const client = yield* answer(() => mine)
        yield* answer(async () => {
          await client.query('begin read only')
          await client.query(`declare portion no scroll cursor for ${sql}`, parameters as unknown[])
        })
        for (let full = true; full;) {
          const { rows } = yield* answer(() =>
            client.query<unknown[]>({ text: `fetch ${PORTION} from portion`, rowMode: 'array' }),
          )
          for (const row of rows) take(row as never)
          full = rows.length === PORTION
        }
        yield* answer(() => client.query('commit'))
      } catch (error) {
        // A transaction that failed ends with its connection.
        const broken = line
        line = null
        void broken?.then((client) => client.end()).catch(() => undefined)
        throw error
      } finally {
        done()
      }
    },
    /** The transactions that were under way and the newest one: the same as long as nobody commits (PostgreSQL 9.27.8). */
    *changes() {
      const { rows } = yield* answer(() =>
        inTurn(async () => (await connected()).query<{ s: string }>('select pg_current_snapshot()::text as s')),
      )
      return rows[0]!.s
    },
    async close() {
      await line?.then((client) => client.end()).catch(() => undefined)
    },
  }
}
