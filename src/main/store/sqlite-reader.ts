import Sqlite from 'better-sqlite3'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Reader } from './reader.ts'
import type { Tables } from './schema.ts'

/** Reads a file, without waiting for anything. Statements are prepared once and kept. */
export function openFileReader(file: string): Reader {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true })
  sqlite.pragma('busy_timeout = 5000')
  // A large study is read in one sweep: the file’s pages are mapped instead of copied, up to 2 GiB, the most that SQLite maps.
  sqlite.pragma('mmap_size = 2147418112')
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
    *read(query, take) {
      const { sql, parameters } = query.compile()
      let statement = prepared.get(sql)
      if (!statement) prepared.set(sql, (statement = sqlite.prepare(sql).raw()))
      for (const row of statement.iterate(...parameters)) take(row as never)
    },
    *changes() {
      return String(sqlite.pragma('data_version', { simple: true }))
    },
    close: () => Promise.resolve(void sqlite.close()),
  }
}
