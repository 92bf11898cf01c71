import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeDatabase, openDatabase, schemaText } from '../../../src/main/store/database.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'concord-db-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the study database', () => {
  it('leads to the schema kept in db/schema.sql (write it anew with scripts/schema.ts after a migration)', async () => {
    const db = await openDatabase(':memory:')
    expect(await schemaText(db)).toBe(readFileSync(new URL('../../../db/schema.sql', import.meta.url), 'utf8'))
    await db.destroy()
  })

  it('makes strict tables only', async () => {
    const db = await openDatabase(':memory:')
    const { rows } = await sql<{ name: string; strict: number }>`
      select name, strict from pragma_table_list where schema = 'main' and name not like 'sqlite_%'`.execute(db)
    expect(rows.length).toBeGreaterThan(14)
    expect(rows.filter((r) => r.strict !== 1)).toEqual([])
    await db.destroy()
  })

  it('waits for the disk at each commit, checks foreign keys and logs ahead', async () => {
    const db = await openDatabase(join(folder, 'a.db'))
    const pragma = async (name: string) =>
      Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db)).rows[0]!)[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    await closeDatabase(db)
  })

  it('opens again what it wrote, and refuses a newer, a foreign and a damaged file without touching it', async () => {
    const file = join(folder, 'b.db')
    await closeDatabase(await openDatabase(file))
    await closeDatabase(await openDatabase(file))
    const raw = new Sqlite(file)
    raw.pragma('user_version = 999')
    raw.close()
    await expect(openDatabase(file)).rejects.toMatchObject({ code: 'database-newer' })

    const foreign = join(folder, 'c.db')
    const other = new Sqlite(foreign)
    other.exec('create table t (x)')
    other.close()
    await expect(openDatabase(foreign)).rejects.toMatchObject({ code: 'database-foreign' })

    const damaged = join(folder, 'd.db')
    writeFileSync(damaged, 'SQLite format 3\0' + 'x'.repeat(8000))
    await expect(openDatabase(damaged)).rejects.toMatchObject({ code: 'database-damaged' })
    expect(readFileSync(damaged, 'utf8')).toContain('xxxx')
  })
})
