import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../../src/preload/contract/jobs.ts'
import type { LabelRule, LabelSet } from '../../../src/preload/contract/labels.ts'
import { createLabels } from '../../../src/main/services/settling/labels.ts'
import { createWhole } from '../../../src/main/statistics/whole.ts'
import type { WholeProgress } from '../../../src/main/statistics/whole-question.ts'
import { newId } from '../../../src/main/store/identity.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { labelSetDigester } from '../../../src/main/store/witness/digests.ts'
import { wholeDigest } from '../../../src/main/store/witness/whole.ts'
import { castVote } from '../../fixtures/casting.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { plainLabels } from '../../fixtures/plain-labels.ts'
import { openStudy, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy

/** Grades by a number of the scan; now and then "cannot be graded", on some scans by most. */
async function read(reader: string, turn: number): Promise<void> {
  const { studyId } = study
  type Desk = { current: { assignmentId: string; pseudonym: string } | null }
  let desk = await program.get<Desk>(reader, 'reading.desk', { studyId })
  while (desk.current) {
    const { assignmentId, pseudonym } = desk.current
    const n = Number(pseudonym.replace(/\D/g, ''))
    const cannot = n % 7 === 0 || n % (turn + 4) === 0
    const grade = Math.min(5, 1 + (n % 4) + (n % turn === 0 ? 1 : 0))
    desk = cannot
      ? await castVote(program, reader, assignmentId, null, { reason: 'other', note: 'dark' })
      : await castVote(program, reader, assignmentId, grade)
  }
}

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 24)
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries()) await read(reader, index + 2)
  await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
  const [first] = await disputedOf(program, study.studyId)
  await settle(first!.scanId, 5)
})
afterAll(() => program.close())

const settle = (scanId: string, grade: number) =>
  program.get('lead', 'analysis.adjudicate', {
    ...{ studyId: study.studyId, scanId, grade, cause: 'definition', reason: '' },
  })
const freeze = (name: string, rule: LabelRule = 'majority') =>
  program.get<LabelSet>('lead', 'labels.freeze', { studyId: study.studyId, name, rule })
const rowsOf = (id: string) =>
  program.db
    .selectFrom('label')
    .innerJoin('scan', 'scan.id', 'label.scan_id')
    .select(['scan_id', 'grade', 'distribution', 'label.origin'])
    .where('label_set_id', '=', id)
    .orderBy('scan.pseudonym')
    .execute()
const left = async () =>
  (await program.db.selectFrom('label').select('label_set_id').distinct().execute()).map((row) => row.label_set_id)
const jobs = () => program.events.filter(({ name }) => name === 'job').map(({ payload }) => payload as Job)

describe('a label set that is frozen outside of the main thread', () => {
  it.each(['majority', 'rounded-mean', 'median', 'dawid-skene'] as const)(
    'is bit for bit what a list of all votes gives by %s',
    async (rule) => {
      const set = await freeze(rule, rule)
      const plain = await plainLabels(program, study.studyId, rule)
      expect(await rowsOf(set.id)).toEqual(plain.labels)
      expect(plain.labels.some(({ origin }) => origin === 'adjudicated')).toBe(true)
      expect(set.digest).toBe(plain.digest)
      expect(set.labels + set.unresolved).toBe(24)
      expect(set.unresolved).toBeGreaterThan(0)
      expect(set.estimate).toEqual(
        plain.estimate && { iterations: plain.estimate.iterations, converged: plain.estimate.converged },
      )
      const row = await program.db
        .selectFrom('label_set')
        .selectAll()
        .where('id', '=', set.id)
        .executeTakeFirstOrThrow()
      const entry = await program.db
        .selectFrom('audit')
        .select('row_digest')
        .where('subject', '=', set.id)
        .executeTakeFirstOrThrow()
      expect(entry.row_digest).toBe(wholeDigest(row, plain.labels))
      const some = labelSetDigester(row)
      for (const label of plain.labels) some.add([label])
      expect(some.digest()).toBe(entry.row_digest)
    },
  )

  it('says how far it is as a job of its lead, which ends as done', async () => {
    const own = jobs().filter(({ kind }) => kind === 'labels')
    expect(own.at(-1)).toMatchObject({ state: 'done', studyId: study.studyId })
    const stages = own.map(({ detail }) => detail.split(' ')[0]!)
    expect(stages).toEqual(expect.arrayContaining(['votes', 'labels']))
    expect(['', 'votes', 'estimate', 'labels']).toEqual(expect.arrayContaining(stages))
    const done = own.filter(({ id }) => id === own.at(-1)!.id).map((job) => job.done)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(program.events.filter(({ name, to }) => name === 'job' && /^r\d/.test(to))).toEqual([])
  })

  it('tells the stages of the thread, and stops where it is asked to', async () => {
    const whole = createWhole(program.place)
    const keys = await program.services.sealing.publishedForStatistics(study.studyId)
    const asked = { id: study.studyId, categories: [1, 2, 3, 4, 5], rescanFrom: 4, keys }
    const question = { kind: 'labels', study: asked, rule: 'dawid-skene' } as const
    const told: WholeProgress[] = []
    const answer = await whole.ask(question, { tell: (progress) => told.push(progress) })
    expect(answer.estimate).toMatchObject({ converged: true })
    expect(told.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['votes', 'estimate']))
    for (const { share } of told) expect(share > 0 && share <= 1).toBe(true)
    const abort = new AbortController()
    const stopped = whole.ask(question, { signal: abort.signal })
    abort.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    // The thread that was stopped answers the next one.
    expect(await whole.ask(question)).toEqual(answer)
    await whole.close()
  })

  it('is computed anew where a grade is settled meanwhile; where that goes on, nothing is frozen and it says so', async () => {
    const { db, services } = program
    const real = createWhole(program.place)
    let computed = 0
    let settling = 1
    const base = { db, workstation: 'here', sealing: services.sealing, jobs: services.jobs }
    const labels = createLabels({
      ...base,
      announce: { studyChanged: () => undefined, sessionsEnd: () => undefined },
      whole: {
        ...real,
        async ask(question, work) {
          const answer = await real.ask(question, work)
          computed += 1
          if (computed <= settling)
            await settle((await disputedOf(program, study.studyId))[1]!.scanId, 1 + (computed % 5))
          return answer
        },
      },
    })
    const wanted = { studyId: study.studyId, name: 'Meanwhile', rule: 'majority' } as const
    const set = await labels.freeze(study.lead, wanted)
    expect(computed).toBe(2)
    const plain = await plainLabels(program, study.studyId, 'majority')
    expect(set.digest).toBe(plain.digest)
    expect(await rowsOf(set.id)).toEqual(plain.labels)

    ;[computed, settling] = [0, Infinity]
    const never = labels.freeze(study.lead, { ...wanted, name: 'Never' })
    await expect(never).rejects.toMatchObject({ code: 'votes-changed' })
    expect(computed).toBe(3)
    const sets = await program.get<LabelSet[]>('lead', 'labels.list', { studyId: study.studyId })
    expect((await left()).sort()).toEqual(sets.map(({ id }) => id).sort())
    await real.close()
  })

  it('is not there at all where it is cancelled, and its name is free', async () => {
    const { events } = program
    const push = events.push.bind(events)
    // As soon as it says that it has begun.
    events.push = (...told) => {
      const job = told[0]?.payload as Job
      if (told[0]?.name === 'job' && job.kind === 'labels') program.services.jobs.cancel(job.id)
      return push(...told)
    }
    const wanted = { studyId: study.studyId, name: 'Stopped', rule: 'dawid-skene' }
    const freezing = await program.ask('lead', 'labels.freeze', wanted)
    events.push = push
    expect(freezing).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(jobs().at(-1)).toMatchObject({ kind: 'labels', state: 'cancelled' })
    const sets = await program.get<LabelSet[]>('lead', 'labels.list', { studyId: study.studyId })
    expect(sets.map(({ name }) => name)).not.toContain('Stopped')
    expect((await left()).sort()).toEqual(sets.map(({ id }) => id).sort())
    expect(await freeze('Stopped')).toMatchObject({ name: 'Stopped' })
  })

  it('keeps its labels at the next start; those of a set that never came are removed, unless one is at work', async () => {
    const sets = (await program.get<LabelSet[]>('lead', 'labels.list', { studyId: study.studyId })).map(({ id }) => id)
    const never = newId()
    const label = { grade: 1, distribution: '[1,0,0,0,0]', origin: 'rule' as const }
    const values = study.scanIds.map((scan_id) => ({ ...label, scan_id, label_set_id: never }))
    await program.db.insertInto('label').values(values).execute()
    const job = {
      ...{ id: newId(), kind: 'labels', study_id: study.studyId, account_id: study.lead.accountId },
      ...{
        state: 'running' as const,
        done: 0,
        total: 0,
        detail: '',
        error: null,
        started_at: new Date().toISOString(),
        ended_at: null,
      },
    }
    await program.db
      .insertInto('job')
      .values({ ...job, workstation: 'another' })
      .execute()
    await program.services.labels.removeLeft()
    expect((await left()).sort()).toEqual([...sets, never].sort())
    await program.db.updateTable('job').set({ state: 'interrupted' }).where('id', '=', job.id).execute()
    await program.services.labels.removeLeft()
    expect((await left()).sort()).toEqual(sets.sort())
    expect((await verifyChain(program.db)).broken).toBeNull()
  })
})
