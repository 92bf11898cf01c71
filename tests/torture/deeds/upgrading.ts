import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { sqliteDialect } from '../../../db/dialect.ts'
import { migrations } from '../../../db/migrate.ts'
import { linkDigest } from '../../../src/main/store/audit.ts'
import { applicationId } from '../../../src/main/store/database.ts'
import type { Row } from '../../../src/main/store/schema.ts'
import { openStudy, readAll, startProgram } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, type Deed } from '../deed.ts'

const scans = 100
/** Before votes were encrypted, for which their table is made anew. */
const version = migrations.findIndex(({ name }) => name === '0013_department_indexes')

/** The program starts on a data folder of an earlier version. */
export const upgrading: Deed = {
  once: true,
  acts: Infinity,
  starting: true,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, scans, { encrypted: false })
    for (const reader of ['r1', 'r2', 'r3']) await readAll(program, reader, studyId, gradeOf)
    const file = program.folders.database
    await program.close()
    await asEarlier(file)
    rmSync(program.folders.anchors, { force: true })
    return { studyId }
  },
  work: () => Promise.resolve(),
  async look(program) {
    const problems: string[] = []
    const votes = await votesSaid(program)
    if (votes.length !== 3 * scans) problems.push(`${votes.length} of ${3 * scans} votes`)
    const db = new Sqlite(program.folders.database, { readonly: true })
    if (db.pragma('user_version', { simple: true }) !== migrations.length) problems.push('it is not upgraded')
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) problems.push('references lead nowhere')
    const tables = db.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[]
    if (tables.some((name) => /_(new|old|before)$/.test(name))) problems.push(`tables left: ${tables.join(' ')}`)
    db.close()
    return problems
  },
}

/** The same rows in the tables that the earlier version had. */
async function asEarlier(file: string): Promise<void> {
  const earlier = new Sqlite(`${file}.earlier`)
  earlier.pragma('journal_mode = WAL')
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: earlier }) })
  await db.transaction().execute(async (t) => {
    for (const { up } of migrations.slice(0, version)) await up(t, sqliteDialect)
  })
  earlier.pragma('foreign_keys = OFF')
  earlier.prepare('attach ? as newer').run(file)
  const columns = (schema: string, table: string): string[] =>
    (earlier.pragma(`${schema}.table_info(${table})`) as { name: string }[]).map(({ name }) => name)
  const tables = earlier
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    .all() as string[]
  for (const table of tables) {
    const newer = new Set(columns('newer', table))
    const both = columns('main', table)
      .filter((name) => newer.has(name))
      .join(', ')
    if (both && table !== 'audit')
      earlier.exec(`insert into main.${table} (${both}) select ${both} from newer.${table}`)
  }
  chainAnew(earlier)
  earlier.exec('detach newer')
  earlier.pragma(`application_id = ${applicationId}`)
  earlier.pragma(`user_version = ${version}`)
  await db.destroy()
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  renameSync(`${file}.earlier`, file)
}

/** The audit trail without the keys that the earlier version did not make. */
function chainAnew(earlier: Sqlite.Database): void {
  const links = earlier.prepare('select * from newer.audit order by sequence').all() as Row<'audit'>[]
  const put = earlier.prepare(
    'insert into main.audit values (@sequence, @at, @account_id, @act, @subject, @row_digest, @previous, @digest)',
  )
  let previous = '0'.repeat(64)
  for (const [index, link] of links.filter(({ act }) => !/^(session|study)\.key/.test(act)).entries()) {
    const then = { ...link, sequence: index + 1, previous }
    previous = linkDigest(then)
    put.run({ ...then, digest: previous })
  }
}
