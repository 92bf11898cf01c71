import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../src/main/store/database.ts'
import { voteOn } from '../../fixtures/casting.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { withoutTriggers } from '../../fixtures/place.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'

let program: Program
let study: ReadyStudy
beforeEach(async () => {
  program = await startProgram()
  study = await openStudy(program, 6)
})
afterEach(() => program.close())

const vote = (assignmentId: string, grade: number | null = 3, reason: string | null = null) =>
  voteOn(assignmentId, grade, { reason })
const desk = (reader: string) => program.get<Desk>(reader, 'reading.desk', { studyId: study.studyId })

describe('the reading desk', () => {
  it('gives every reader all scans, each in an own order, the same again after a restart', async () => {
    const order = async (accountId: string) =>
      (
        await program.db
          .selectFrom('assignment')
          .select('scan_id')
          .where('account_id', '=', accountId)
          .orderBy('position')
          .execute()
      ).map((r) => r.scan_id)
    const orders = await Promise.all(study.readers.map((r) => order(r.accountId)))
    for (const one of orders) expect([...one].sort()).toEqual([...study.scanIds].sort())
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
    // The reader has a name of the pictures that is no scan's.
    const { scanId, pseudonym } = (await desk('r1')).current!
    expect(study.scanIds).not.toContain(scanId)
    const first = program.db.selectFrom('scan').select('pseudonym').where('id', '=', orders[0]![0]!)
    expect((await first.executeTakeFirstOrThrow()).pseudonym).toBe(pseudonym)
  })

  it('casts one vote a scan, in order, and counts only the own', async () => {
    const first = await desk('r1')
    expect(first).toMatchObject({ done: 0, total: 6, undoable: null, open: true })
    const second = await program.get<Desk>('r1', 'reading.cast', vote(first.current!.assignmentId))
    expect(second).toMatchObject({ done: 1, undoable: { grade: 3, position: 1 } })
    expect(second.current!.assignmentId).toBe(first.ahead[0]!.assignmentId)
    expect(await desk('r2')).toMatchObject({ done: 0, total: 6 })
    const again = await program.ask('r1', 'reading.cast', vote(first.current!.assignmentId))
    expect(again).toMatchObject({ ok: false, error: { code: 'vote-not-next' } })
  })

  it('casts a vote once that is handed in again under its name, and answers both', async () => {
    const [first, second] = [(await desk('r1')).current!, (await desk('r1')).ahead[0]!]
    const named = { ...vote(first.assignmentId), request: '0193a1b2-0000-7000-8000-000000000001' }
    const once = await program.get<Desk>('r1', 'reading.cast', named)
    const again = await program.get<Desk>('r1', 'reading.cast', named)
    expect(again).toEqual(once)
    expect(once.current?.assignmentId).toBe(second.assignmentId)
    expect(await program.ask('r1', 'reading.cast', { ...named, assignmentId: second.assignmentId })).toMatchObject({
      error: { code: 'request-used' },
    })
    expect(await program.db.selectFrom('vote').select('revision').execute()).toEqual([{ revision: 1 }])
    expect(await verifyChain(program.db)).toMatchObject({ broken: null, votes: 1 })
  })

  it('takes the last vote back as a new revision, once, until the next vote', async () => {
    const first = await desk('r1')
    await program.get('r1', 'reading.cast', vote(first.current!.assignmentId, 2))
    const back = await program.get<Desk>('r1', 'reading.undo', { studyId: study.studyId })
    expect(back.current!.assignmentId).toBe(first.current!.assignmentId)
    expect(back).toMatchObject({ done: 0, undoable: null })
    expect(await program.ask('r1', 'reading.undo', { studyId: study.studyId })).toMatchObject({
      error: { code: 'nothing-to-undo' },
    })
    await program.get('r1', 'reading.cast', vote(first.current!.assignmentId, 5))
    const rows = await votesSaid(program)
    expect(rows.map(({ revision, kind, grade }) => ({ revision, kind, grade }))).toEqual([
      { revision: 1, kind: 'cast', grade: 2 },
      { revision: 2, kind: 'withdrawn', grade: null },
      { revision: 3, kind: 'cast', grade: 5 },
    ])
  })

  it('counts a scan once in the own progress, however often its vote was taken back', async () => {
    const first = await desk('r1')
    await program.get('r1', 'reading.cast', vote(first.current!.assignmentId, 2))
    await program.get('r1', 'reading.undo', { studyId: study.studyId })
    await program.get('r1', 'reading.cast', vote(first.current!.assignmentId, 4))
    const progress = await program.get('r1', 'reading.progress', { studyId: study.studyId })
    expect(progress).toMatchObject({ done: 1, total: 6, today: 1, byDay: [{ count: 1 }] })
  })

  it('refuses what is not a vote of this reader on this scale', async () => {
    const own = (await desk('r1')).current!
    const codes = async (request: unknown, who = 'r1') => {
      const outcome = await program.ask(who, 'reading.cast', request)
      return outcome.ok ? 'ok' : outcome.error.code
    }
    expect(await codes(vote(own.assignmentId, 9))).toBe('grade-unknown')
    expect(await codes(vote(own.assignmentId, null, null))).toBe('request-invalid')
    expect(await codes(vote(own.assignmentId, 3, 'why'))).toBe('request-invalid')
    expect(await codes(vote(own.assignmentId), 'r2')).toBe('assignment-unknown')
    expect(await codes(vote('019aa000-0000-7000-8000-000000000000'))).toBe('assignment-unknown')
    expect((await program.db.selectFrom('vote').selectAll().execute()).length).toBe(0)
  })

  it('takes "cannot be graded" with a reason', async () => {
    const own = (await desk('r1')).current!
    const next = await program.get<Desk>('r1', 'reading.cast', vote(own.assignmentId, null, 'cut off'))
    expect(next.undoable).toMatchObject({ grade: null, reason: 'cut off' })
  })

  it('lets nobody change or remove a vote, not even in the file', async () => {
    await readAll(program, 'r1', study.studyId, () => 1)
    await expect(sql`update vote set grade = 5`.execute(program.db)).rejects.toThrow('never changed')
    await expect(sql`delete from vote`.execute(program.db)).rejects.toThrow('never changed')
    await expect(sql`delete from audit`.execute(program.db)).rejects.toThrow('never changed')
  })

  it('keeps a chain that names the first thing altered, removed or put in with another program', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    expect(await verifyChain(program.db)).toMatchObject({ broken: null, votes: 6 })
    type Act = string | ((t: Connection) => Promise<unknown>)
    const tamper = async (act: Act, why: string | RegExp) => {
      await program.db
        .transaction()
        .execute(async (t) => {
          await withoutTriggers(t, ['vote', 'audit'])
          await (typeof act === 'string' ? sql.raw(act).execute(t) : act(t))
          expect((await verifyChain(t)).broken?.why).toMatch(why)
          throw new Error('roll back')
        })
        .catch((error: Error) => {
          if (error.message !== 'roll back') throw error
        })
    }
    const third = '(select id from vote order by id limit 1 offset 2)'
    const other = '(select sealed from vote order by id limit 1)'
    await tamper(`update vote set sealed = ${other} where id = ${third}`, 'the vote was altered')
    await tamper(`delete from vote where id = ${third}`, 'the vote was removed')
    const [row] = await program.db.selectFrom('vote').selectAll().execute()
    const another = { ...row!, id: 'x', revision: 9, request: null }
    await tamper((t) => t.insertInto('vote').values(another).execute(), 'a vote without an entry')
    await tamper("update audit set at = '2020' where sequence = 4", 'the entry was altered')
    await tamper('delete from audit where sequence = 4', 'entry 4 is missing')
    expect((await verifyChain(program.db)).broken).toBeNull()
  })

  it('closes with the seal: no vote, no undo afterwards, and the votes stay', async () => {
    for (const reader of ['r1', 'r2', 'r3']) await readAll(program, reader, study.studyId, () => 3)
    await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
    expect(await desk('r1')).toMatchObject({ open: false, current: null, undoable: null, done: 6 })
    expect(await program.ask('r1', 'reading.undo', { studyId: study.studyId })).toMatchObject({
      error: { code: 'study-not-open' },
    })
  })
})
