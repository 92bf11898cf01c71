import { readdirSync, readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StudyKeys } from '../../../src/preload/contract/keys.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { now } from '../../../src/main/store/identity.ts'
import { record } from '../../../src/main/store/audit.ts'
import { shutTo } from '../../../src/main/store/sealed/box.ts'
import { exchangePair } from '../../../src/main/store/sealed/pairs.ts'
import { studyPurpose } from '../../../src/main/store/sealed/reader-keys.ts'
import { studyKeyDigest } from '../../../src/main/store/witness/digests.ts'
import { contentColumns } from '../../../src/main/store/sealed/votes.ts'
import {
  addScans,
  openStudy,
  password,
  readAll,
  startProgram,
  type Program,
  type ReadyStudy,
} from '../../fixtures/program.ts'
import { castVote, codeOf, voteOn } from '../../fixtures/casting.ts'
import { votesSaid } from '../../fixtures/votes.ts'

const file = process.env.CONCORD_TEST_SERVER === undefined
let folder: string
let program: Program
let study: ReadyStudy
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-sealed-'))
  program = await startProgram(folder)
  study = await openStudy(program, 4)
})
afterEach(async () => {
  await program.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Desk {
  current: { assignmentId: string } | null
  undoable: { grade: number | null } | null
}
const desk = (reader: string) => program.get<Desk>(reader, 'reading.desk', { studyId: study.studyId })
const cast = (reader: string, assignmentId: string, grade: number | null, more: object = {}) =>
  castVote(program, reader, assignmentId, grade, more)
const refusal = (who: string, channel: string, request: object) => codeOf(program, who, channel, request)
const overview = (who = 'lead') => refusal(who, 'analysis.overview', { studyId: study.studyId })
const state = (who = 'lead') => program.get<StudyKeys>(who, 'keys.state', { studyId: study.studyId })
const recovery = async (who = 'lead') =>
  (await program.get<{ code: string }>(who, 'keys.recovery', { studyId: study.studyId })).code
const seal = (who = 'lead') => refusal(who, 'analysis.seal', { studyId: study.studyId, incomplete: true })
const signOut = (who: string) => program.get(who, 'accounts.signOut', {})
const signIn = (who: string, secret = password) => program.get(who, 'accounts.signIn', { name: who, password: secret })

async function reset(name: string, accountId: string): Promise<void> {
  const { password: once } = await program.get<{ password: string }>('admin', 'accounts.resetPassword', { accountId })
  await signIn(name, once)
  await program.get(name, 'accounts.changePassword', { current: once, next: 'another horse battery' })
}

describe('the votes of a study in the database', () => {
  it('tell another program who voted when, and nothing of what', async () => {
    const note = 'streaks near the cortex'
    for (const reader of ['r1', 'r2', 'r3']) {
      const first = (await desk(reader)).current!
      await cast(reader, first.assignmentId, 5, { note, worstSlice: 3 })
    }
    await readAll(program, 'r1', study.studyId, () => 3)
    const rows = await program.db.selectFrom('vote').selectAll().execute()
    expect(rows).toHaveLength(6)
    for (const row of rows) {
      const silent = { grade: null, reason: null, note: null, worst_slice: null, confidence: null, stack_grades: null }
      expect(row).toMatchObject({ ...silent, cast_at: expect.any(String) })
      // The first and the second grade of a reader look alike: the same length, nothing in common.
      expect(row.sealed).toHaveLength(rows[0]!.sealed!.length)
    }
    expect(new Set(rows.map((row) => row.sealed!.slice(0, 16))).size).toBe(6)
    expect((await votesSaid(program)).map(({ grade, note: said }) => [grade, said]).sort()).toEqual([
      ...[3, 3, 3].map((grade) => [grade, null]),
      ...[5, 5, 5].map((grade) => [grade, note]),
    ])
  })

  it('have left no word of a note in any file, and no grade that a digest could be tried on', async (ctx) => {
    ctx.skip(!file, 'a server keeps its files itself')
    const note = 'unmistakable words of a note'
    const first = (await desk('r1')).current!
    await cast('r1', first.assignmentId, 4, { note })
    await program.get('r1', 'reading.undo', { studyId: study.studyId })
    await cast('r1', first.assignmentId, null, { note })
    await program.get('admin', 'backups.make')
    const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    expect(all.some(({ name }) => name === 'concord.db-wal')).toBe(true)
    for (const { parentPath, name } of all) {
      const bytes = readFileSync(join(parentPath, name))
      for (const word of [note, Buffer.from(note).toString('base64').slice(4, 24), Buffer.from(note).toString('hex')])
        expect(bytes.includes(word), name).toBe(false)
    }
    const other = new Sqlite(join(folder, 'concord.db'), { readonly: true })
    const tables = other.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[]
    for (const table of tables)
      expect(JSON.stringify(other.prepare(`select * from "${table}"`).all()), table).not.toContain('metal')
    other.close()
  })

  it('open with the seal, and need nobody’s password from then on', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    expect(await seal()).toBe('ok')
    expect((await state()).opened).toMatchObject({ by: 'Dr lead' })
    for (const who of ['lead', 'r1', 'r2', 'r3']) await signOut(who)
    await program.close()
    program = await startProgram(folder)
    const reader = await program.services.sealing.published(program.db, study.studyId)
    const rows = await program.db.selectFrom('vote').select(contentColumns).execute()
    expect(rows.map((row) => reader.read(row)?.grade)).toEqual([2, 2, 2, 2])
    expect((await verifyChain(program.db)).broken).toBeNull()
  })

  it('stay in the clear only where that was chosen', async () => {
    const { id } = await program.get<{ id: string; encrypted: boolean }>('lead', 'studies.create', {
      ...{ title: 'Clear', template: 'hrpqct-motion', readersPerScan: 1, encrypted: false },
    })
    expect(await program.get('lead', 'studies.get', { studyId: id })).toMatchObject({ encrypted: false })
    expect(await program.get('lead', 'studies.get', { studyId: study.studyId })).toMatchObject({ encrypted: true })
  })
})

describe('who can open them before the seal', () => {
  it('is a lead by the own password, until the window is locked or left', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    expect(await overview()).toBe('ok')
    const lead = study.lead
    await program.get('lead', 'accounts.lock', {})
    await expect(program.services.analysis.overview(lead, study.studyId)).rejects.toMatchObject({
      code: 'study-locked',
    })
    await program.get('lead', 'accounts.unlock', { password })
    expect(await overview()).toBe('ok')
    await signOut('lead')
    await expect(program.services.analysis.overview(lead, study.studyId)).rejects.toMatchObject({
      code: 'study-locked',
    })
    await expect(
      program.services.rounds.seal(lead, { studyId: study.studyId, incomplete: true }),
    ).rejects.toMatchObject({
      code: 'study-locked',
    })
    expect((await program.db.selectFrom('study').select('state').executeTakeFirstOrThrow()).state).toBe('open')
  })

  it('is a second lead who comes later, as soon as the first was there', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    await program.person('second', 'lead')
    expect(await overview('second')).toBe('study-locked')
    await signOut('lead')
    await signIn('lead')
    expect(await overview('second')).toBe('ok')
    expect((await state('second')).keepers.map(({ displayName }) => displayName)).toEqual(['Dr lead', 'Dr second'])
    await signOut('lead')
    expect(await seal('second')).toBe('ok')
  })

  it('is whoever has the printed key, when the lead’s password was lost', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    expect((await state()).recoveryKept).toBeNull()
    const code = await recovery()
    await program.get('lead', 'keys.recoveryKept', { studyId: study.studyId })
    expect((await state()).recoveryKept).toMatchObject({ by: 'Dr lead' })
    await reset('lead', study.lead.accountId)
    expect(await overview()).toBe('study-locked')
    expect(await seal()).toBe('study-locked')
    const unlock = (typed: string) => refusal('lead', 'keys.unlock', { studyId: study.studyId, code: typed })
    expect(await unlock(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)).toBe('recovery-mistyped')
    expect(await unlock(code.toLowerCase().replaceAll('-', ' '))).toBe('ok')
    expect(await overview()).toBe('ok')
    // From now on by the new password.
    await signOut('lead')
    await signIn('lead', 'another horse battery')
    expect(await overview()).toBe('ok')
    expect((await verifyChain(program.db)).broken).toBeNull()
  })

  it('is the reader for the own votes: a new password keeps them, a reset until a lead was there', async () => {
    const [one] = [(await desk('r1')).current!]
    await cast('r1', one.assignmentId, 4)
    await program.get('r1', 'accounts.changePassword', { current: password, next: 'another horse battery' })
    expect((await desk('r1')).undoable).toMatchObject({ grade: 4 })
    await signOut('r1')
    await signIn('r1', 'another horse battery')
    expect((await desk('r1')).undoable).toMatchObject({ grade: 4 })
    await reset('r1', study.readers[0]!.accountId)
    // What was cast is there and counts; the reader goes on, with a key of their own.
    expect((await desk('r1')).undoable).toBeNull()
    await cast('r1', (await desk('r1')).current!.assignmentId, 1)
    await signOut('lead')
    await signIn('lead')
    const rows = await program.db.selectFrom('vote').select(contentColumns).orderBy('id').execute()
    const own = await program.services.sealing.forOwn(program.db, study.readers[0]!, rows)
    expect(rows.map((row) => own.read(row)?.grade)).toEqual([4, 1])
  })

  it('is nobody who knows a wrong password, or reads in the study', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    expect(await refusal('lead', 'accounts.signIn', { name: 'lead', password: 'wrong horse battery' })).toBe(
      'sign-in-refused',
    )
    const rows = await program.db.selectFrom('vote').select(contentColumns).execute()
    const other = await program.services.sealing.forOwn(program.db, study.readers[1]!, rows)
    expect(rows.map((row) => other.read(row))).toEqual([null, null, null, null])
    const anybody = await program.services.sealing.published(program.db, study.studyId)
    expect(rows.map((row) => anybody.read(row))).toEqual([null, null, null, null])
  })
})

describe('an envelope that another program changed', () => {
  it('is found by the chain without a key, and nothing is computed from it with one', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    await readAll(program, 'r2', study.studyId, () => 5)
    await signOut('lead')
    if (file) await sql.raw('drop trigger vote_no_update').execute(program.db)
    else await sql.raw('drop trigger vote_only_grows on vote').execute(program.db)
    const [a, b] = await program.db.selectFrom('vote').select(['id', 'sealed']).orderBy('id').execute()
    await program.db.updateTable('vote').set({ sealed: b!.sealed }).where('id', '=', a!.id).execute()
    expect((await verifyChain(program.db)).broken).toMatchObject({ subject: a!.id, why: 'the vote was altered' })
    await signIn('lead')
    expect(await overview()).toBe('vote-altered')
  })

  it('survives a kill between: what was opened is open, what was not is not', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    const act = file ? "begin select raise(abort, 'cut'); end" : 'for each row execute function fails()'
    if (!file)
      await sql
        .raw("create function fails() returns trigger language plpgsql as $$ begin raise exception 'cut'; end $$")
        .execute(program.db)
    await sql.raw(`create trigger fails before update on study ${act}`).execute(program.db)
    expect(await seal()).toBe('unexpected')
    expect(await program.db.selectFrom('study_key_opened').selectAll().execute()).toEqual([])
    await sql.raw(`drop trigger fails${file ? '' : ' on study'}`).execute(program.db)
    expect(await seal()).toBe('ok')
  })
})

describe('that the votes of a study are encrypted', () => {
  const first = async (reader: string) => (await desk(reader)).current!.assignmentId
  const castCode = async (reader: string) => refusal(reader, 'reading.cast', voteOn(await first(reader), 4))
  const broken = async () => (await verifyChain(program.db)).broken
  const takeAway = async () => {
    for (const table of ['study_key', 'study_key_share'])
      await sql
        .raw(file ? `drop trigger ${table}_no_delete` : `drop trigger ${table}_only_grows on ${table}`)
        .execute(program.db)
    for (const table of ['study_key_share', 'study_recovery', 'study_key'] as const)
      await program.db.deleteFrom(table).execute()
    await program.db.updateTable('study').set({ votes_encrypted: 0 }).execute()
  }

  it('is held by the trail: taken away with all keys, no vote is written in the clear and the break is named', async () => {
    await takeAway()
    expect(await castCode('r1')).toBe('study-altered')
    expect(await program.db.selectFrom('vote').select('id').execute()).toEqual([])
    expect(await broken()).toMatchObject({ subject: study.studyId, why: 'the study was altered' })
    await program.db.updateTable('study').set({ votes_encrypted: 1 }).execute()
    expect(await castCode('r1')).toBe('study-key-missing')
    expect((await broken())?.why).toMatch(/was (altered|removed)/)
  })

  it('is named where the flag alone was changed', async () => {
    await program.db.updateTable('study').set({ votes_encrypted: 0 }).execute()
    expect(await broken()).toMatchObject({ subject: study.studyId, why: 'the study was altered' })
    // The keys are there: the vote is sealed all the same.
    expect(await castCode('r1')).toBe('ok')
    expect(await program.db.selectFrom('vote').select(['grade', 'sealed']).execute()).toEqual([
      { grade: null, sealed: expect.any(String) },
    ])
  })

  it('holds for a study in draft too: it does not open as another one', async () => {
    const { id } = await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: 'Draft', template: 'hrpqct-motion', readersPerScan: 1 },
    })
    await addScans(program.db, id, study.lead.accountId, 1)
    await program.get('lead', 'studies.setReaders', { studyId: id, readerIds: [study.readers[0]!.accountId] })
    await program.db.updateTable('study').set({ votes_encrypted: 0 }).where('id', '=', id).execute()
    expect(await refusal('lead', 'studies.open', { studyId: id })).toBe('study-altered')
  })
})

describe('a key that another program put in', () => {
  const anybody = exchangePair()
  const first = async (reader: string) => (await desk(reader)).current!.assignmentId
  const castCode = async (reader: string) => refusal(reader, 'reading.cast', voteOn(await first(reader), 4))
  const studyKey = () => program.db.selectFrom('study_key').selectAll().executeTakeFirstOrThrow()
  const votes = async () => (await program.db.selectFrom('vote').select('id').execute()).length

  it('in place of the study’s is noticed at the vote, before anything is sealed with it', async () => {
    if (file) await sql.raw('drop trigger study_key_no_update').execute(program.db)
    else await sql.raw('drop trigger study_key_only_grows on study_key').execute(program.db)
    const { public_key: own } = await studyKey()
    await program.db.updateTable('study_key').set({ public_key: anybody.publicKey }).execute()
    expect(await castCode('r1')).toBe('study-key-changed')
    expect(await votes()).toBe(0)
    expect(await program.db.selectFrom('reader_key').select('id').execute()).toEqual([])
    await program.db.updateTable('study_key').set({ public_key: own }).execute()
    expect(await castCode('r1')).toBe('ok')
  })

  it('beside the study’s is refused, even with an entry of its own in the trail', async () => {
    await castCode('r1')
    const made = { ...(await studyKey()), id: 'beside', generation: 2, public_key: anybody.publicKey }
    await program.db.insertInto('study_key').values(made).execute()
    expect(await castCode('r1')).toBe('study-key-changed')
    const entry = { accountId: study.lead.accountId, act: 'study.keys-made', subject: made.id }
    await program.db.transaction().execute((t) => record(t, { ...entry, rowDigest: studyKeyDigest(made) }))
    expect(await castCode('r2')).toBe('study-key-changed')
    expect(await votes()).toBe(1)
  })

  it('as a reader’s own is refused, and a lead’s is given nothing', async () => {
    const { id: study_key_id } = await studyKey()
    const [reader, lead] = [study.readers[0]!.accountId, study.lead.accountId]
    const { id: to, public_key } = await program.db
      .selectFrom('account_key')
      .selectAll()
      .where('account_id', '=', reader)
      .executeTakeFirstOrThrow()
    const raw = Buffer.alloc(32, 7)
    const row = { id: 'planted', study_key_id, account_id: reader, at: now() }
    const box = shutTo(anybody.publicKey, raw, studyPurpose(row.id))
    await program.db
      .insertInto('reader_key')
      .values({ ...row, box })
      .execute()
    const own = shutTo(public_key, raw, `votes key ${row.id} to ${to}`)
    await program.db
      .insertInto('reader_key_share')
      .values({ reader_key_id: row.id, account_key_id: to, box: own, at: now() })
      .execute()
    expect(await castCode('r1')).toBe('study-key-changed')
    expect(await castCode('r2')).toBe('ok')

    const planted = { id: 'ffffffff-planted', account_id: lead, made_at: now() }
    await program.db
      .insertInto('account_key')
      .values({ ...planted, public_key: anybody.publicKey, signing_key: anybody.publicKey })
      .execute()
    await state()
    const shares = await program.db.selectFrom('study_key_share').select('account_key_id').execute()
    expect(shares).toHaveLength(1)
    expect(shares[0]!.account_key_id).not.toBe(planted.id)
  })
})
