import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPresence } from '../../../src/main/jobs/presence.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
import { newDatabase, serverPlace } from '../../fixtures/place.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

const HOUR = 3_600_000
/** Milliseconds: how often the others say that they are there, and without it until they are taken for gone. */
const [EVERY, PATIENCE] = [100, 30_000]

let program: Program
let place: ReturnType<typeof serverPlace>
let studyId: string
let accountId: string
const children: ChildProcess[] = []
beforeAll(async () => {
  place = serverPlace(await newDatabase())
  program = await startProgram(undefined, place)
  accountId = (await program.person('lead', 'lead')).accountId
  const study = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Motion', template: 'hrpqct-motion', readersPerScan: 1 },
  })
  studyId = study.id
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
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
/** Its last word was longer ago than the others' patience: so long need nobody wait here, and on a busy machine the living are heard. */
const longAgo = (workstation: string) =>
  program.db
    .updateTable('workstation')
    .set(({ eb }) => ({ seen: eb('seen', '-', PATIENCE / 1000 + 1) }))
    .where('id', '=', workstation)
    .execute()

/** A run that is under way at the workstation. */
async function run(workstation: string): Promise<string> {
  const [id, label_set_id] = [newId(), newId()]
  await program.db
    .insertInto('label_set')
    .values({
      ...{ id: label_set_id, study_id: studyId, name: id, rule: 'median', digest: '', unresolved: 0 },
      ...{ created_by: accountId, created_at: now(), em_iterations: null, em_converged: null },
    })
    .execute()
  await program.db
    .insertInto('training_run')
    .values({
      ...{ id, study_id: studyId, label_set_id, recipe: '{}', folds: '{"of":{},"patients":0}', state: 'running' },
      ...{ started_by: accountId, started_at: now(), seconds: 0, workstation },
    })
    .execute()
  return id
}
const runOf = (id: string) =>
  program.db.selectFrom('training_run').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

it('finds work of a killed workstation interrupted since it was there last, whatever the clocks say; that of others goes on', async () => {
  const watch = watcher()
  await watch.begin()
  const [dead, ahead, behind] = await Promise.all([
    elsewhere('dead', 5 * HOUR),
    elsewhere('ahead', 3 * HOUR),
    elsewhere('behind', -3 * HOUR),
  ])
  const runs = { dead: await run('dead'), ahead: await run('ahead'), here: await run('here') }
  await watch.sweep()
  expect((await jobOf(dead.jobId)).state).toBe('running')
  dead.child.kill('SIGKILL')
  await once(dead.child, 'exit')
  const killed = await serverNow()
  told.length = 0
  // Several look at once: it is found once. Only a word that was on its way to the server when it was killed can come in between.
  while (told.length === 0) {
    await longAgo('dead')
    await Promise.all([watch.sweep(), watch.sweep(), watch.sweep()])
  }
  expect(told).toEqual([studyId])
  const job = await jobOf(dead.jobId)
  const dropped = await runOf(runs.dead)
  for (const [state, at] of [
    [job.state, job.ended_at],
    [dropped.state, dropped.interrupted_at],
  ] as const) {
    expect(state).toBe('interrupted')
    // By the server's clock, at its last word: not five hours from now, and not when it was noticed.
    expect(Date.parse(at!)).toBeLessThanOrEqual(killed)
    expect(Date.parse(at!)).toBeGreaterThan(killed - 10 * PATIENCE)
  }
  for (const { jobId } of [ahead, behind]) expect((await jobOf(jobId)).state).toBe('running')
  for (const id of [runs.ahead, runs.here]) expect((await runOf(id)).state).toBe('running')
  // Its owner sees it so at any workstation.
  const jobs = await program.get<{ id: string; state: string; endedAt: string }[]>('lead', 'jobs.list')
  expect(jobs.find(({ id }) => id === dead.jobId)).toMatchObject({ state: 'interrupted', endedAt: job.ended_at })

  // One that was only cut off goes on with its own work when it is back.
  behind.child.kill('SIGSTOP')
  while ((await jobOf(behind.jobId)).state !== 'interrupted') {
    await longAgo('behind')
    await watch.sweep()
  }
  behind.child.kill('SIGCONT')
  for (const end = Date.now() + 240_000; (await jobOf(behind.jobId)).state !== 'running'; await pause(50))
    if (Date.now() > end) throw new Error('it never went on')
  expect((await jobOf(behind.jobId)).ended_at).toBeNull()
  watch.stop()
})
