import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPresence } from '../../../src/main/jobs/presence.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
import { newDatabase, serverPlace } from '../../fixtures/place.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

const HOUR = 3_600_000
/** Milliseconds: how often the others say that they are there, and without it until they are taken for gone. */
const [EVERY, PATIENCE] = [100, 1500]

let program: Program
let place: ReturnType<typeof serverPlace>
let studyId: string
let accountId: string
const children: ChildProcess[] = []
beforeEach(async () => {
  place = serverPlace(await newDatabase())
  program = await startProgram(undefined, place)
  accountId = (await program.person('lead', 'lead')).accountId
  const study = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Motion', template: 'hrpqct-motion', readersPerScan: 1 },
  })
  studyId = study.id
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await program.close()
})

/** Another workstation whose clock is wrong by so much; resolves when its work is under way. */
async function elsewhere(workstation: string, ahead: number): Promise<{ child: ChildProcess; jobId: string }> {
  const script = join(import.meta.dirname, '../../fixtures/presence-child.ts')
  const given = [JSON.stringify(place), workstation, studyId, accountId, String(ahead), String(EVERY)]
  const child = spawn(process.execPath, [script, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, jobId: String(line).trim() }
}

const told: string[] = []
const watcher = (workstation = 'here', mine = () => Promise.resolve()) =>
  createPresence({
    ...{ db: program.db, workstation, mine, every: EVERY, patience: PATIENCE },
    studyChanged: (id) => told.push(id),
  })
const jobOf = (id: string) => program.db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const serverNow = async (): Promise<number> =>
  (await sql<{ now: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(program.db))
    .rows[0]!.now
const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms))

describe('work of a workstation that was killed', () => {
  it('is interrupted for the others since it was there last, whatever its clock says; that of one that is there goes on', async () => {
    const [dead, ahead, behind] = await Promise.all([
      elsewhere('dead', 5 * HOUR),
      elsewhere('ahead', 3 * HOUR),
      elsewhere('behind', -3 * HOUR),
    ])
    const watch = watcher()
    await watch.sweep()
    expect((await jobOf(dead.jobId)).state).toBe('running')
    dead.child.kill('SIGKILL')
    await once(dead.child, 'exit')
    const killed = await serverNow()
    await pause(PATIENCE + 300)
    told.length = 0
    await watch.sweep()
    const job = await jobOf(dead.jobId)
    expect(job.state).toBe('interrupted')
    // By the server's clock, at its last word: not five hours from now, and not when it was noticed.
    expect(Date.parse(job.ended_at!)).toBeLessThanOrEqual(killed)
    expect(Date.parse(job.ended_at!)).toBeGreaterThan(killed - 60_000)
    expect(told).toEqual([studyId])
    for (const { jobId } of [ahead, behind]) expect((await jobOf(jobId)).state).toBe('running')
    // Its owner sees it so at any workstation.
    const jobs = await program.get<{ id: string; state: string; endedAt: string }[]>('lead', 'jobs.list')
    expect(jobs.find(({ id }) => id === dead.jobId)).toMatchObject({ state: 'interrupted', endedAt: job.ended_at })
    watch.stop()
  })

  it('is found once, by whoever looks first', async () => {
    const { child } = await elsewhere('dead', 0)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await pause(PATIENCE + 300)
    told.length = 0
    await Promise.all([watcher('a').sweep(), watcher('b').sweep(), watcher('c').sweep()])
    expect(told).toEqual([studyId])
  })
})

describe('a run whose workstation died', () => {
  async function run(state: 'running' | 'interrupted', workstation: string): Promise<string> {
    const id = newId()
    const label_set_id = newId()
    await program.db
      .insertInto('label_set')
      .values({
        ...{ id: label_set_id, study_id: studyId, name: id, rule: 'median', digest: '', unresolved: 0 },
        ...{ created_by: accountId, created_at: now() },
      })
      .execute()
    await program.db
      .insertInto('training_run')
      .values({
        ...{ id, study_id: studyId, label_set_id, recipe: '{}', folds: '{"of":{},"patients":0}', state },
        ...{ started_by: accountId, started_at: now(), seconds: 0, workstation },
      })
      .execute()
    return id
  }
  const rowOf = (id: string) =>
    program.db.selectFrom('training_run').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  it('is interrupted with the time, a run of one that is there is not, nor one of this', async () => {
    const { child } = await elsewhere('dead', 0)
    const [dead, alive, own] = [
      await run('running', 'dead'),
      await run('running', 'alive'),
      await run('running', 'here'),
    ]
    const [there, watch] = [watcher('alive'), watcher()]
    await Promise.all([there.begin(), watch.begin()])
    child.kill('SIGKILL')
    await once(child, 'exit')
    await pause(PATIENCE + 300)
    await watch.sweep()
    const row = await rowOf(dead)
    expect(row.state).toBe('interrupted')
    expect(Date.parse(row.interrupted_at!)).toBeLessThan(await serverNow())
    expect((await rowOf(alive)).state).toBe('running')
    expect((await rowOf(own)).state).toBe('running')
    there.stop()
    watch.stop()
  })

  it('that was only cut off goes on with its own work when it is back', async () => {
    const { child, jobId } = await elsewhere('slow', 0)
    child.kill('SIGSTOP')
    await pause(PATIENCE + 300)
    await watcher().sweep()
    expect((await jobOf(jobId)).state).toBe('interrupted')
    child.kill('SIGCONT')
    for (const end = Date.now() + 20_000; (await jobOf(jobId)).state !== 'running'; await pause(50))
      if (Date.now() > end) throw new Error('it never went on')
    expect((await jobOf(jobId)).ended_at).toBeNull()
  })
})
