import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { ConcordError } from '../../domain/error.ts'
import { headOf, headText, record, type Head } from '../audit.ts'
import type { Connection, Database } from '../database.ts'
import { verifyChain } from '../verify.ts'
import { movedBefore } from './moved-before.ts'

const PORTION = 5000

export interface Moved {
  tables: { name: string; rows: number }[]
  rows: number
  /** The audit chain's end as it came, and after the moving was recorded. */
  from: string
  head: string
}

/**
 * Copies everything from a file into a department's empty database, in one transaction that is committed only if every table
 * has the same rows there and the audit chain holds; nothing of the file is changed. Where it was copied there before and
 * only its setting was not reached, as in a power cut, nothing is left to copy.
 * @param by the account in whose name it is recorded
 * Errors: `chain-broken`, `database-not-empty`, `database-moved-before`, `move-not-equal`, and those of the server.
 */
export async function copyToServer(
  file: Database,
  server: Database,
  { by, anchors, tell }: { by: string; anchors: Head[]; tell(line: string): void },
): Promise<Moved> {
  const before = await verifyChain(file, anchors)
  if (before.broken)
    throw new ConcordError(
      'chain-broken',
      `The audit trail is broken (${before.broken.why}); a broken trail is not moved. Find out why first.`,
    )
  return server.transaction().execute(async (t) => {
    const { rows: there } = await sql<{ n: number }>`
      select (select count(*) from account) + (select count(*) from audit) as n`.execute(t)
    const earlier = there[0]!.n > 0 ? await movedBefore(file, t) : null
    if (earlier !== null) {
      tell('everything was copied there before')
      return { tables: [], rows: 0, from: earlier, head: headText(await headOf(t)) }
    }
    if (there[0]!.n > 0)
      throw new ConcordError('database-not-empty', 'There is a study in that database already. Ask for an empty one.')
    await checkLater(t, true)
    const tables: Moved['tables'] = []
    for (const name of await tablesOf(file)) {
      const sent = await copyTable(file, t, name)
      const arrived = await digestOf(t, name)
      if (sent.digest !== arrived.digest || sent.rows !== arrived.rows)
        throw new ConcordError('move-not-equal', `The rows of ${name} are not the same there. Nothing was moved.`)
      tables.push({ name, rows: sent.rows })
      if (sent.rows > 0) tell(`${name}: ${sent.rows} rows, the same there`)
    }
    await checkLater(t, false)
    const after = await verifyChain(t, [...anchors, before.head])
    if (after.broken || headText(after.head) !== headText(before.head))
      throw new ConcordError('move-not-equal', 'The audit trail is not the same there. Nothing was moved.')
    await record(t, {
      ...{ accountId: by, act: 'database.moved', subject: headText(before.head) },
      rowDigest: before.head.digest,
    })
    return {
      tables,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      from: headText(before.head),
      head: headText(await headOf(t)),
    }
  })
}

/** In the order they were made: each refers to earlier ones. */
async function tablesOf(file: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by rowid`.execute(file)
  return rows.map(({ name }) => name)
}

/** References are looked at when all rows are there: some rows refer to later ones of their own table. */
async function checkLater(t: Connection, later: boolean): Promise<void> {
  if (!later) await sql`set constraints all immediate`.execute(t)
  const { rows } = await sql<{ name: string; table: string }>`
    select conname as name, conrelid::regclass::text as "table" from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace`.execute(t)
  const how = sql.raw(later ? 'deferrable initially deferred' : 'not deferrable')
  for (const { name, table } of rows)
    await sql`alter table ${sql.raw(table)} alter constraint ${sql.id(name)} ${how}`.execute(t)
}

async function copyTable(file: Database, t: Connection, name: string): Promise<Digest> {
  const columns = await columnsOf(t, name)
  const list = sql.join(columns.map(({ column }) => sql.id(column)))
  const all = rowsDigest()
  for (let last = 0, full = true; full;) {
    const { rows } = await sql<
      Record<string, unknown>
    >`select rowid as "row of the file", ${list} from ${sql.table(name)}
      where rowid > ${last} order by rowid limit ${PORTION}`.execute(file)
    if (rows.length > 0) {
      const arrays = columns.map(({ column, type }) => {
        const values = rows.map((row) => row[column])
        return sql`${values}::${sql.raw(type)}[]`
      })
      await sql`insert into ${sql.table(name)} (${list}) select * from unnest(${sql.join(arrays)})`.execute(t)
      for (const row of rows) all.add(columns.map(({ column }) => row[column]))
      last = rows.at(-1)!['row of the file'] as number
    }
    full = rows.length === PORTION
  }
  return all.end()
}

async function digestOf(t: Connection, name: string): Promise<Digest> {
  const columns = await columnsOf(t, name)
  const list = sql.join(columns.map(({ column }) => sql.id(column)))
  const all = rowsDigest()
  await sql`declare moved no scroll cursor for select ${list} from ${sql.table(name)}`.execute(t)
  for (let full = true; full;) {
    const { rows } = await sql<Record<string, unknown>>`fetch ${sql.lit(PORTION)} from moved`.execute(t)
    for (const row of rows) all.add(columns.map(({ column }) => row[column]))
    full = rows.length === PORTION
  }
  await sql`close moved`.execute(t)
  return all.end()
}

async function columnsOf(t: Connection, name: string): Promise<{ column: string; type: string }[]> {
  const { rows } = await sql<{ column: string; type: string }>`
    select column_name as "column", data_type as type from information_schema.columns
    where table_schema = current_schema() and table_name = ${name} order by ordinal_position`.execute(t)
  return rows
}

interface Digest {
  rows: number
  digest: string
}

/** Of rows in any order: their SHA-256, added bit by bit (no two rows of a table are the same). */
function rowsDigest(): { add(values: unknown[]): void; end(): Digest } {
  const sum = Buffer.alloc(32)
  let rows = 0
  return {
    add(values) {
      const digest = createHash('sha256').update(JSON.stringify(values)).digest()
      for (let i = 0; i < sum.length; i += 1) sum[i]! ^= digest[i]!
      rows += 1
    },
    end: () => ({ rows, digest: sum.toString('hex') }),
  }
}
