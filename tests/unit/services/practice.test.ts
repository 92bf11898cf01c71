import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createJobs } from '../../../src/main/jobs/jobs.ts'
import { createPractice } from '../../../src/main/services/simulated/practice-scans.ts'
import type { Caller } from '../../../src/main/services/context.ts'
import { startProgram } from '../../fixtures/program.ts'

it('practice scans: a cancelled job keeps what it made, and the same request goes on there', async () => {
  const root = mkdtempSync(join(tmpdir(), 'concord-practice-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const program = await startProgram(join(root, 'data'))
  onTestFinished(() => program.close())
  const practice = join(root, 'practice')
  const caller: Caller = await program.person('lead', 'lead')
  const jobs = createJobs({
    workstation: 'test',
    db: program.db,
    emit(job) {
      if (first && job.done >= 1) jobs.cancel(job.id)
    },
  })
  const service = createPractice({ jobs, folders: { practice } })
  const request = { scans: 4, size: 64, slices: 2, seed: 5 }
  const ended = async (jobId: string) => {
    for (;;) {
      const job = (await jobs.list(caller.accountId)).find(({ id }) => id === jobId)!
      if (job.state !== 'running') return job
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  let first = true
  const begun = await service.make(caller, request)
  expect((await ended(begun.jobId)).state).toBe('cancelled')
  first = false
  const made = (await readdir(begun.path)).length
  expect(made).toBeGreaterThan(0)
  expect(made).toBeLessThan(4)
  expect(await service.sets()).toEqual([{ ...request, made, path: begun.path }])

  const other = await service.make(caller, { ...request, scans: 1, seed: 6 })
  expect(other.path).not.toBe(begun.path)
  expect((await ended(other.jobId)).state).toBe('done')

  const again = await service.make(caller, request)
  expect(again.path).toBe(begun.path)
  expect((await ended(again.jobId)).state).toBe('done')
  expect((await readdir(begun.path)).length).toBe(4)
  expect(await readdir(dirname(begun.path))).toContain('truth.csv')
  expect((await service.sets()).map(({ seed, scans, made }) => [seed, scans, made])).toEqual([
    [6, 1, 1],
    [5, 4, 4],
  ])
  // Whole: the next press makes new ones.
  const next = await service.make(caller, request)
  expect(next.path).not.toBe(begun.path)
  await ended(next.jobId)
})
