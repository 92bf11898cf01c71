import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  Kysely,
  sql,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Transaction,
} from 'kysely'
import { sqliteDialect } from '../../../db/dialect.ts'
import { migrations } from '../../../db/migrate.ts'
import { ConcordError } from '../domain/error.ts'
import { storageError } from '../domain/storage-error.ts'
import type { Tables } from './schema.ts'
import { storageErrorAt } from './writable.ts'

export type Database = Kysely<Tables>
/** Inside one transaction or outside of any: queries take either. */
export type Connection = Database | Transaction<Tables>

/** "Cncd" in the file's header: says whose file this is. */
export const applicationId = 0x436e6364

/**
 * Opens the study database, making or upgrading it as needed. `:memory:` serves tests.
 * An acknowledged vote must survive a power cut: WAL with synchronous=FULL puts each commit on the disk before it returns
 * (better-sqlite3's own default in WAL mode would be NORMAL, which does not).
 * Errors: `database-foreign`, `database-newer`, `database-damaged`, and those of the disk (`storageError`).
 */
export async function openDatabase(file: string): Promise<Database> {
  let sqlite: Sqlite.Database | undefined
  try {
    sqlite = new Sqlite(file)
    sqlite.pragma('journal_mode = WAL')
  } catch (error) {
    if (sqlite) closeKeepingLog(sqlite, file)
    const known = storageErrorAt(file, error)
    if (known && known.code !== 'database-damaged') throw known
    throw new ConcordError(
      'database-damaged',
      `The database ${file} cannot be opened (${(error as Error).message}). Restore the last backup or choose another data folder.`,
    )
  }
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  // What is replaced, as a key under a new password, does not stay behind in the file's free space.
  sqlite.pragma('secure_delete = ON')
  sqlite.pragma('busy_timeout = 5000')
  const db = new Kysely<Tables>({ dialect: new OneFile(sqlite) })
  try {
    await migrate(sqlite, db)
  } catch (error) {
    sqlite.close()
    throw storageError(error) ?? error
  }
  return db
}

/**
 * Closes a file that cannot be used. SQLite removes a log that it cannot read at its last close; there may be votes in it that
 * somebody who knows files can still find, and it is kept beside the damaged database.
 */
function closeKeepingLog(sqlite: Sqlite.Database, file: string): void {
  const [log, kept] = [`${file}-wal`, `${file}-wal.kept`]
  try {
    if (existsSync(log)) copyFileSync(log, kept)
  } catch {
    // No room for a copy: a handle that stays open removes nothing.
    rmSync(kept, { force: true })
    return
  }
  sqlite.close()
  if (existsSync(log)) rmSync(kept, { force: true })
  else if (existsSync(kept)) renameSync(kept, log)
}

/**
 * SQLite as votes need it. A transaction takes the right to write at once: the window and the headless command may be at the
 * same file, and one that has read before it writes could not wait for the other any more. And where SQLite has undone a
 * transaction by itself, as on a full disk, there is nothing left to undo: the first error is the one that is told.
 */
class OneFile extends SqliteDialect {
  readonly sqlite: Sqlite.Database

  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite })
    this.sqlite = sqlite
  }

  override createDriver(): SqliteDriver {
    const { sqlite } = this
    return new (class extends SqliteDriver {
      override async beginTransaction(connection: DatabaseConnection): Promise<void> {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'))
      }
      override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
        if (sqlite.inTransaction) await super.rollbackTransaction(connection)
      }
    })({ database: sqlite })
  }
}

async function migrate(sqlite: Sqlite.Database, db: Database): Promise<void> {
  const found = sqlite.pragma('application_id', { simple: true }) as number
  const version = sqlite.pragma('user_version', { simple: true }) as number
  const tables = sqlite.prepare("select count(*) from sqlite_schema where type = 'table'").pluck().get() as number
  if (found !== applicationId && tables > 0)
    throw new ConcordError(
      'database-foreign',
      'This file is a database of another program. Choose another data folder.',
    )
  if (version > migrations.length)
    throw new ConcordError(
      'database-newer',
      'This database was written by a newer version of Concord. Install that version; nothing was changed.',
    )
  for (let next = version; next < migrations.length; next++) {
    await db.transaction().execute(async (transaction) => {
      await migrations[next]!.up(transaction as never, sqliteDialect)
      await sql.raw(`pragma application_id = ${applicationId}`).execute(transaction)
      await sql.raw(`pragma user_version = ${next + 1}`).execute(transaction)
    })
  }
}

/** Lets SQLite refresh its statistics, folds the log into the file and closes it. */
export async function closeDatabase(db: Database): Promise<void> {
  // Only a help: a disk that takes nothing any more must not keep the file open.
  await sql`pragma optimize`.execute(db).catch(() => undefined)
  await db.destroy()
}

/** The schema as SQL text, for the snapshot test. */
export async function schemaText(db: Database): Promise<string> {
  const { rows } = await sql<{ sql: string }>`
    select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by rowid`.execute(db)
  return rows.map((row) => `${row.sql};\n`).join('\n')
}
