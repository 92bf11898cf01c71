import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrations } from '../../../db/migrate.ts'
import { entriesOf } from '../../../src/main/store/attested.ts'
import { openDatabase } from '../../../src/main/store/database.ts'
import { openServer } from '../../../src/main/store/server/database.ts'
import { lookAtServer } from '../../../src/main/store/server/look.ts'
import type { ServerPlace } from '../../../src/main/store/server/pool.ts'
import { asOwner, newDatabase, serverPlace } from '../../fixtures/place.ts'
import { freePort } from '../../fixtures/postgres.ts'

async function open(place: ServerPlace) {
  const { db } = await openServer(place)
  onTestFinished(() => db.destroy())
  return db
}

describe('a department’s database', () => {
  it('has the same tables and columns as the file, made once where two workstations start at the same time', async () => {
    const { server } = serverPlace(await newDatabase({ empty: true }))
    const [db] = await Promise.all([open(server), open(server), open(server)])
    const file = await openDatabase(':memory:')
    onTestFinished(() => file.destroy())
    const { rows: here } = await sql<{ name: string }>`
      select m.name || '.' || c.name || case when c."notnull" or c.pk then '!' else '' end as name
      from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table'`.execute(file)
    const { rows: there } = await sql<{ name: string }>`
      select table_name || '.' || column_name || case is_nullable when 'NO' then '!' else '' end as name
      from information_schema.columns where table_schema = current_schema() and table_name <> 'concord_program'`.execute(
      db,
    )
    expect(there.map(({ name }) => name).sort()).toEqual(here.map(({ name }) => name).sort())
    expect(await lookAtServer(server)).toMatchObject({ holds: 'concord', studies: 0 })
  })

  it('finds what the trail says of a row by its index', async () => {
    const db = await open(serverPlace(await newDatabase()).server)
    const plan = await db.transaction().execute(async (t) => {
      // Of a table that is still empty the planner would read all.
      await sql`set local enable_seqscan = off`.execute(t)
      return entriesOf(t, 'vote.key-made', 'x').explain()
    })
    expect(JSON.stringify(plan)).toContain('audit_subject')
  })

  it('gives numbers, sums, means and conditions as the file does, and sorts text by its bytes', async () => {
    const file = await openDatabase(':memory:')
    const server = await open(serverPlace(await newDatabase()).server)
    onTestFinished(() => file.destroy())
    const answers = async (db: typeof file) => {
      for (const [index, name] of ['b', 'B', 'ä', 'a', '_'].entries())
        await db
          .insertInto('account')
          .values({
            ...{ id: name, name, display_name: name, roles: '[]', password_hash: '', state: 'active' },
            ...{ failed_attempts: index, locked_until: null, must_change: 0, created_at: '' },
          })
          .execute()
      return db
        .selectFrom('account')
        .select(({ fn, eb }) => [
          fn.countAll().as('n'),
          fn.sum('failed_attempts').as('sum'),
          fn.avg('failed_attempts').as('mean'),
          eb(fn.max('failed_attempts'), '>', 3).as('more'),
          fn.max('name').as('last'),
          fn.min('name').as('first'),
        ])
        .where('id', 'not in', [])
        .execute()
    }
    expect(await answers(server)).toEqual(await answers(file))
    expect((await server.selectFrom('account').select('id').orderBy('name').execute()).map(({ id }) => id)).toEqual(
      (await file.selectFrom('account').select('id').orderBy('name').execute()).map(({ id }) => id),
    )
  })

  it('is refused where it is newer, of another program, or cannot be reached or entered', async () => {
    const name = await newDatabase()
    const { server } = serverPlace(name)
    const old = await open(server)
    const owner = await asOwner(name)
    onTestFinished(() => owner.end())
    await owner.query('update concord_program set version = version + 1')
    await expect(openServer(server)).rejects.toMatchObject({ code: 'database-newer' })
    // A program that was open before the newer one came writes nothing any more.
    await expect(old.transaction().execute((t) => sql`select 1`.execute(t))).rejects.toMatchObject({
      code: 'database-newer',
    })
    await owner.query(`update concord_program set version = ${migrations.length}, application_id = 1`)
    await expect(openServer(server)).rejects.toMatchObject({ code: 'database-foreign' })

    const other = await newDatabase({ empty: true })
    const stranger = await asOwner(other)
    onTestFinished(() => stranger.end())
    await stranger.query('create table theirs (x integer)')
    await expect(openServer(serverPlace(other).server)).rejects.toMatchObject({ code: 'database-foreign' })

    await expect(openServer({ ...server, password: 'wrong' })).rejects.toMatchObject({ code: 'database-refused' })
    await expect(openServer({ ...server, password: null })).rejects.toMatchObject({ code: 'database-refused' })
    await expect(openServer(serverPlace('none').server)).rejects.toMatchObject({ code: 'database-missing' })
    await expect(openServer(serverPlace(name, await freePort()).server)).rejects.toMatchObject({
      code: 'database-unreachable',
    })
    // This server speaks without encryption only; asked for it, nothing is sent.
    await expect(openServer({ ...server, address: { ...server.address, tls: true } })).rejects.toMatchObject({
      code: 'database-tls',
    })
  })

  it('lets nobody change, remove or empty what only grows', async () => {
    const name = await newDatabase()
    await open(serverPlace(name).server)
    const owner = await asOwner(name)
    onTestFinished(() => owner.end())
    for (const act of ['update vote set grade = 5', 'delete from audit', 'truncate audit', 'truncate vote cascade'])
      await expect(owner.query(act)).rejects.toThrow('never changed')
  })
})
