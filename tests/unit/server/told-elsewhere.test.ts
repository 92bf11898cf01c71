import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { newId } from '../../../src/main/store/identity.ts'
import { voteOn } from '../../fixtures/casting.ts'
import { asOwner, newDatabase, serverPlace } from '../../fixtures/place.ts'
import { openStudy, password, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

// Two workstations at one server. A curious reader sits at the second one, knows the database's password, listens to what the
// workstations tell one another, and reads the server's log, which may hold every statement with its values.

const note = 'unmistakable words about streaks'
let first: Program
let second: Program
let ear: pg.Client
let study: ReadyStudy
/** All that programs sent to the server, as its log would have it, and all that was told on its channels. */
const sent: string[] = []
const told: string[] = []
const query = pg.Client.prototype.query

beforeAll(async () => {
  const name = await newDatabase()
  first = await startProgram(undefined, serverPlace(name))
  second = await startProgram(undefined, serverPlace(name))
  study = await openStudy(first, 4)
  for (const reader of ['r2', 'r3']) await second.get(reader, 'accounts.signIn', { name: reader, password })
  ear = await asOwner(name)
  await ear.query('listen concord')
  ear.on('notification', ({ payload }) => told.push(payload ?? ''))
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    sent.push(JSON.stringify(given.filter((one) => typeof one !== 'function')))
    return (query as (...all: unknown[]) => unknown).apply(this, given)
  } as never
})
afterAll(async () => {
  pg.Client.prototype.query = query
  await ear.end()
  await second.close()
  await first.close()
})

const desk = (program: Program, reader: string) => program.get<Desk>(reader, 'reading.desk', { studyId: study.studyId })
const cast = async (program: Program, reader: string, grade: number | null, words: string | null) => {
  const { current } = await desk(program, reader)
  const request = voteOn(current!.assignmentId, grade, { worstSlice: 3, note: words, request: newId() })
  return program.ask(reader, 'reading.cast', request)
}

describe('a vote at another workstation', () => {
  it('is sent to the server sealed: no statement, value or error holds a grade, a reason or a word of the note', async () => {
    sent.length = 0
    expect((await cast(first, 'r1', 4, note)).ok).toBe(true)
    expect((await cast(first, 'r1', null, note)).ok).toBe(true)
    const votes = sent.filter((one) => one.includes('insert into \\"vote\\"'))
    expect(votes).toHaveLength(2)
    for (const secret of [note, 'metal', Buffer.from(note).toString('base64').slice(4, 24)])
      expect(sent.filter((one) => one.includes(secret))).toEqual([])
    // Two votes that say different things look alike, but for times, identifiers and random bytes of the same length.
    const shape = (one: string): string =>
      one.replaceAll(/[0-9A-Za-z+/=-]{16,}/g, (found) => `<${found.length}>`).replaceAll(/\d+/g, '#')
    expect(shape(votes[1]!)).toBe(shape(votes[0]!))
  })

  it('is told to the other workstations as a study that changed, the same each time, and by no order or number', async () => {
    for (const end = Date.now() + 240_000; told.length < 2 && Date.now() < end;)
      await new Promise((resume) => setTimeout(resume, 20))
    const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
    for (const one of told) expect(one).toMatch(new RegExp(`^${uuid} study ${study.studyId}$`))
    expect(new Set(told).size).toBe(1)
  })

  it('changes nothing that a reader at the second one is told, at the desk, in lists or by events', async () => {
    const everything = async () =>
      JSON.stringify([
        await desk(second, 'r2'),
        await second.ask('r2', 'studies.list'),
        await second.ask('r2', 'studies.get', { studyId: study.studyId }),
        await second.ask('r2', 'jobs.list'),
      ])
    const before = await everything()
    const events = second.events.length
    expect((await cast(first, 'r1', 5, null)).ok).toBe(true)
    expect((await cast(second, 'r3', 1, null)).ok).toBe(true)
    await new Promise((resume) => setTimeout(resume, 300))
    expect(await everything()).toBe(before)
    expect(second.events.slice(events).filter(({ to }) => to.startsWith('r'))).toEqual([])
  })

  it('says nothing in an error that the server gives, of its values, to the page or the log', async () => {
    const { current } = await desk(first, 'r1')
    await sql`alter table vote add constraint refused check (cast_at < '2000') not valid`.execute(first.db)
    const lines = first.log.length
    const reply = await first.ask('r1', 'reading.cast', voteOn(current!.assignmentId, 2, { note }))
    expect(reply).toMatchObject({ ok: false, error: { code: 'unexpected' } })
    const said = JSON.stringify([reply, first.log.slice(lines)])
    expect(said).not.toContain(note)
    expect(said).not.toContain('Failing row')
  })
})
