import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import type { Overview } from '../../../src/preload/contract/analysis.ts'
import type { Settings } from '../../../src/preload/contract/settings.ts'
import { newId } from '../../../src/main/store/identity.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { voteOn } from '../../fixtures/casting.ts'
import { newDatabase, serverPlace } from '../../fixtures/place.ts'
import { openStudy, password, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'
import { wireTo, type WireCut } from '../../fixtures/wire-cut.ts'

const SCANS = 12

// Two whole programs at one database: the lead and a reader at the first, a reader at the second, whose wire can be cut.
let first: Program
let second: Program
let wire: WireCut
let study: ReadyStudy
beforeEach(async () => {
  const name = await newDatabase()
  wire = await wireTo(serverPlace(name).server.address.port)
  first = await startProgram(undefined, serverPlace(name))
  second = await startProgram(undefined, serverPlace(name, wire.port))
  study = await openStudy(first, SCANS)
  await second.get('r2', 'accounts.signIn', { name: 'r2', password })
})
afterEach(async () => {
  wire.mend()
  await second.close()
  await first.close()
  await wire.close()
})

const desk = (program: Program, reader: string) => program.get<Desk>(reader, 'reading.desk', { studyId: study.studyId })
const vote = (assignmentId: string, grade = 3) => voteOn(assignmentId, grade, { request: newId() })
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 240_000; !(await holds());) {
    if (Date.now() > end) throw new Error('it never came to hold')
    await new Promise((resume) => setTimeout(resume, 20))
  }
}

describe('two workstations', () => {
  it('vote at once: nothing lost, nothing doubled, one chain', async () => {
    await Promise.all([
      readAll(first, 'r1', study.studyId, () => 2),
      readAll(second, 'r2', study.studyId, () => 4),
      readAll(first, 'r3', study.studyId, () => 3),
    ])
    const votes = await first.db.selectFrom('vote').select('assignment_id').execute()
    expect(new Set(votes.map((row) => row.assignment_id)).size).toBe(3 * SCANS)
    expect(votes.length).toBe(3 * SCANS)
    for (const program of [first, second])
      expect(await verifyChain(program.db)).toMatchObject({ broken: null, votes: 3 * SCANS })
    // What each one's own statistics thread has read is the same.
    const rate = (program: Program) =>
      program.get<Overview>('lead', 'analysis.overview', { studyId: study.studyId, everything: false })
    await second.get('lead', 'accounts.signIn', { name: 'lead', password })
    const [here, there] = [await rate(first), await rate(second)]
    expect(there).toEqual(here)
    expect(here.readers.map(({ cast }) => cast)).toEqual([SCANS, SCANS, SCANS])
  })

  it('cast one vote where the same reader sits at both', async () => {
    await second.get('r1', 'accounts.signIn', { name: 'r1', password })
    const { current } = await desk(first, 'r1')
    const both = await Promise.all([
      first.ask('r1', 'reading.cast', vote(current!.assignmentId, 1)),
      second.ask('r1', 'reading.cast', vote(current!.assignmentId, 5)),
    ])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'vote-not-next' } })
    expect(await verifyChain(first.db)).toMatchObject({ broken: null, votes: 1 })
  })

  it('let a lead watch live what is cast elsewhere, and tell readers nothing', async () => {
    await second.get('r3', 'accounts.signIn', { name: 'r3', password })
    const before = first.events.length
    const { current } = await desk(second, 'r2')
    await second.get('r2', 'reading.cast', vote(current!.assignmentId))
    await until(() => first.events.slice(before).some(({ name }) => name === 'study-changed'))
    const told = first.events.slice(before).filter(({ name }) => name === 'study-changed')
    expect(new Set(told.map(({ to }) => to))).toEqual(new Set(['admin', 'lead']))
    const overview = await first.get<Overview>('lead', 'analysis.overview', { studyId: study.studyId })
    expect(overview.readers.map(({ cast }) => cast).sort()).toEqual([0, 0, 1])
    expect(second.events.filter(({ name }) => name === 'study-changed')).toEqual([])
  })

  it('leave each other’s work alone when they start', async () => {
    const [here, there] = await Promise.all(
      [first, second].map((program) =>
        program.services.jobs.start(
          { kind: 'practice', studyId: null, accountId: study.lead.accountId },
          (control) => new Promise((resolve) => control.signal.addEventListener('abort', () => resolve())),
        ),
      ),
    )
    await second.services.jobs.markInterrupted()
    const state = async (id: string) =>
      (await first.db.selectFrom('job').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
    expect(await state(here!.job.id)).toBe('running')
    expect(await state(there!.job.id)).toBe('interrupted')
  })

  it('sign a closed account out everywhere', async () => {
    await first.get('admin', 'accounts.close', { accountId: study.readers[1]!.accountId })
    await until(() => second.events.some(({ to, name }) => to === 'r2' && name === 'session-ended'))
    expect(await second.ask('r2', 'reading.desk', { studyId: study.studyId })).toMatchObject({
      error: { code: 'not-signed-in' },
    })
  })
})

describe('a connection that drops and comes back', () => {
  it('says that the vote is not counted yet, and counts it once when it is handed in again', async () => {
    const { current } = await desk(second, 'r2')
    const cast = vote(current!.assignmentId)
    wire.cut()
    expect(await second.ask('r2', 'reading.cast', cast)).toMatchObject({ error: { code: 'database-unreachable' } })
    await until(() =>
      second.events.some(({ name, payload }) => name === 'server' && !(payload as { reachable: boolean }).reachable),
    )
    // The others are not held up.
    const other = (await desk(first, 'r1')).current!
    await first.get('r1', 'reading.cast', vote(other.assignmentId))
    wire.mend()
    await until(() =>
      second.events.some(({ name, payload }) => name === 'server' && (payload as { reachable: boolean }).reachable),
    )
    expect((await second.get<Desk>('r2', 'reading.cast', cast)).done).toBe(1)
    expect(await verifyChain(first.db)).toMatchObject({ broken: null, votes: 2 })
  })

  it('changes nothing of what would have to be recorded', async () => {
    await second.get('admin', 'accounts.signIn', { name: 'admin', password })
    const settings = await second.get<Settings>('admin', 'settings.get')
    wire.cut()
    const elsewhere = { address: 'postgres://concord@elsewhere.example/concord', password: null, files: null }
    for (const refused of [
      await second.ask('admin', 'places.use', elsewhere),
      await second.ask('admin', 'settings.set', { ...settings, lockAfterMinutes: 3 }),
    ])
      expect(refused).toMatchObject({ error: { code: 'database-unreachable' } })
    expect(await second.get('admin', 'settings.get')).toEqual(settings)
    for (const file of ['database.json', 'settings.json'])
      expect(existsSync(join(second.folders.root, file))).toBe(false)
  })

  it('does not double a vote whose answer was lost after it was counted', async () => {
    const { current } = await desk(second, 'r2')
    const cast = vote(current!.assignmentId)
    wire.loseNextCommit()
    expect(await second.ask('r2', 'reading.cast', cast)).toMatchObject({ error: { code: 'database-unreachable' } })
    await until(async () => (await first.db.selectFrom('vote').select('id').execute()).length === 1)
    wire.mend()
    await until(async () => (await second.ask('r2', 'reading.desk', { studyId: study.studyId })).ok)
    const answer = await second.get<Desk>('r2', 'reading.cast', cast)
    expect(answer).toMatchObject({ done: 1, undoable: { assignmentId: current!.assignmentId, grade: 3 } })
    expect(await verifyChain(first.db)).toMatchObject({ broken: null, votes: 1 })
  })

  it('loses and doubles nothing while the wire is cut again and again', async () => {
    let reading = true
    let [answered, refused] = [0, 0]
    const ask = async <T>(asked: Promise<T>): Promise<T> => {
      const reply = await asked
      if ((reply as { ok: boolean }).ok) answered += 1
      else {
        refused += 1
        await new Promise((resume) => setTimeout(resume, 5))
      }
      return reply
    }
    // Paced by what came through, not by the clock: between two cuts a slow machine gets an answer too, and each cut is felt.
    const cuts = (async () => {
      for (let cut = 0; reading; cut += 1) {
        const got = answered
        // A commit that is lost late cuts the wire once more.
        await until(() => {
          wire.mend()
          return answered > got || !reading
        })
        const lost = refused
        await new Promise((resume) => setTimeout(resume, 7 * (cut % 4)))
        if (cut % 3 === 2) wire.loseNextCommit()
        else wire.cut()
        await until(() => refused > lost || !reading)
      }
    })()
    let acknowledged = 0
    for (let next: { assignmentId: string } | null | undefined; acknowledged < SCANS;) {
      if (!next) {
        const reply = await ask(second.ask('r2', 'reading.desk', { studyId: study.studyId }))
        next = reply.ok ? (reply.value as Desk).current : undefined
      }
      if (!next) continue
      const cast = vote(next.assignmentId)
      for (let ok = false; !ok;) {
        const reply = await ask(second.ask('r2', 'reading.cast', cast))
        if (!reply.ok) expect(reply.error.code).toBe('database-unreachable')
        ok = reply.ok
        if (ok) next = (reply as { value: Desk }).value.current
      }
      acknowledged += 1
    }
    reading = false
    await cuts
    wire.mend()
    expect(await verifyChain(first.db)).toMatchObject({ broken: null, votes: SCANS })
    expect(await desk(first, 'r1')).toMatchObject({ done: 0 })
    expect((await first.db.selectFrom('assignment').select('id').where('voted', '=', 1).execute()).length).toBe(SCANS)
  })

  it('notices a wire that went silent, and frees what waits on it', async () => {
    const { current } = await desk(second, 'r2')
    wire.freeze()
    const asked = second.ask('r2', 'reading.cast', vote(current!.assignmentId))
    expect(await asked).toMatchObject({ error: { code: 'database-unreachable' } })
    wire.mend()
    await until(async () => (await second.ask('r2', 'reading.desk', { studyId: study.studyId })).ok)
  })
})
