import Sqlite from 'better-sqlite3'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { expect, it } from 'vitest'
import { sqliteDialect } from '../../../db/dialect.ts'
import { migrations } from '../../../db/migrate.ts'

it('a database with models and predictions keeps them all when models need no run any more', async () => {
  const sqlite = new Sqlite(':memory:')
  sqlite.pragma('foreign_keys = ON')
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: sqlite }) })
  const at = migrations.findIndex(({ name }) => name === '0006_models')
  const run = (from: number, to?: number) =>
    db.transaction().execute(async (t) => {
      for (const { up } of migrations.slice(from, to)) await up(t, sqliteDialect)
    })
  await run(0, at)
  const person = `'a', 'n', 'N', '[]', 'h', 'active', 0, null, 't'`
  for (const row of [
    `account values (${person})`,
    `study (id, title, template, state, scale, readers_per_scan, order_seed, pseudonym_key, created_by, created_at)
      values ('s', 'T', 'x', 'sealed', '{}', 3, 'o', 'k', 'a', 't')`,
    `patient values ('p', 's', 'P0001', 'd')`,
    `scan values ('c', 's', 'p', 'P0001-1', 'tibia', 'left', 'unread', 'isq', '[]', null, 'raw', '[]', 'x', 'a', 't')`,
    `label_set values ('l', 's', 'L', 'majority', 'd', 0, 'a', 't')`,
    `training_run (id, study_id, label_set_id, recipe, folds, state, started_by, started_at)
      values ('r', 's', 'l', '{}', '{}', 'done', 'a', 't')`,
    `model values ('m', 's', 'r', 'name', 'sha', 7, 't')`,
    `prediction values ('m', 'c', 4, 3.5, 0.4, '[1]', '[]', 't')`,
  ])
    await sql.raw(`insert into ${row}`).execute(db)
  await run(at)
  const all = async (query: string) => (await sql.raw<Record<string, unknown>>(query).execute(db)).rows
  expect(await all('select * from model')).toEqual([
    { id: 'm', study_id: 's', run_id: 'r', name: 'name', sha256: 'sha', parameters: 7, origin: 'run', created_at: 't' },
  ])
  expect(
    await all('select model_id, scan_id, grade, expected_grade, uncertainty, rule, tie, probabilities from prediction'),
  ).toEqual([
    {
      model_id: 'm',
      scan_id: 'c',
      grade: 4,
      expected_grade: 3.5,
      uncertainty: 0.4,
      rule: 'mean',
      tie: 0,
      probabilities: '[1]',
    },
  ])
  expect(await all('pragma foreign_key_check')).toEqual([])
  // The rules of before hold for the new tables: no change of a model, no prediction of a model that is not there.
  for (const refused of [
    `update model set name = 'other'`,
    `delete from model`,
    `insert into prediction select 'none', scan_id, 1, 1, 1, 'mean', 0, null, null, '[]', '[]', null, 't' from prediction`,
    `insert into model values ('i', 's', null, 'n', 'x', 1, 'run', 't')`,
    `insert into model values ('i', 's', 'r', 'n', 'x', 1, 'import', 't')`,
  ])
    await expect(all(refused), refused).rejects.toThrow(/never changed|constraint/i)
  await all(`insert into model values ('i', 's', null, 'n', 'x', 1, 'import', 't')`)
  await db.destroy()
})
