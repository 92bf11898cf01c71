import Sqlite from 'better-sqlite3'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Compilable } from 'kysely'
import type { Tables } from './schema.ts'

/** Reads a database that another thread writes: a connection of its own that cannot write, and sees what is committed. */
export interface Reader {
  /** Builds queries; they are run by `rows`. */
  readonly build: Kysely<Tables>
  /** The rows of a query one after another, each as an array in the order of its select: no object a row is made. */
  rows<T extends unknown[]>(query: Compilable): IterableIterator<T>
  /** Another number after every change that another connection has committed; the same while nothing changed. */
  changes(): number
  close(): void
}

/** Opens the file, which must exist and have its schema. Statements are prepared once and kept. */
export function openReader(file: string): Reader {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true })
  sqlite.pragma('busy_timeout = 5000')
  // A large study is read in one sweep: the file's pages are mapped instead of copied, up to half a GiB.
  sqlite.pragma('mmap_size = 536870912')
  const prepared = new Map<string, Sqlite.Statement>()
  const build = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  return {
    build,
    rows<T extends unknown[]>(query: Compilable): IterableIterator<T> {
      const { sql, parameters } = query.compile()
      let statement = prepared.get(sql)
      if (!statement) prepared.set(sql, (statement = sqlite.prepare(sql).raw()))
      return statement.iterate(...parameters) as IterableIterator<T>
    },
    changes: () => sqlite.pragma('data_version', { simple: true }) as number,
    close: () => void sqlite.close(),
  }
}
