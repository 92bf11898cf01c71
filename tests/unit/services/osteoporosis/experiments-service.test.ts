import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Experiment } from '../../../../src/preload/contract/experiments.ts'
import type { Job } from '../../../../src/preload/contract/jobs.ts'
import { password, startProgram, type Program } from '../../../fixtures/program.ts'

const root = mkdtempSync(join(tmpdir(), 'concord-'))
let program: Program
beforeAll(async () => {
  program = await startProgram(root)
  await program.person('theo', 'trainer')
  await program.person('lead', 'lead')
})
afterAll(async () => {
  await program.close()
  rmSync(root, { recursive: true, force: true })
})

const plan = { reduced: true, seed: 3, tie: 'CN', weights: null }
const jobOf = (id: string): Job | undefined =>
  program.events.findLast(({ to, name, payload }) => to === 'theo' && name === 'job' && (payload as Job).id === id)
    ?.payload as Job | undefined

describe('the experiment in the window', () => {
  it('explains itself with the counts of the paper and the split that is really made', async () => {
    const { sets, examples, bayesLimit } = await program.get<{
      sets: object[]
      examples: { protocol: string; split: number; all: number }[]
      bayesLimit: number
    }>('lead', 'experiments.explained')
    expect(sets).toEqual([
      { set: 'N', pictures: 174 },
      { set: 'A', pictures: 696 },
      { set: 'B', pictures: 1392 },
      { set: 'C', pictures: 1566 },
    ])
    expect(bayesLimit).toBeCloseTo(0.841, 3)
    const [leaky, honest] = examples
    expect(leaky).toMatchObject({ protocol: 'leaky', all: 174 })
    expect(leaky!.split).toBeGreaterThan(120)
    expect(honest).toMatchObject({ protocol: 'honest', split: 0, all: 174 })
  })

  it('is a job that stops, is found interrupted, and goes on', async () => {
    const begun = await program.get<Experiment>('theo', 'experiments.start', plan)
    expect(begun).toMatchObject({ id: 'reduced-3-cn', state: 'running', done: 0, total: 22, rows: [] })
    expect(await program.ask('theo', 'experiments.start', { ...plan, seed: 4 })).toMatchObject({
      error: { code: 'experiment-running' },
    })
    const stopped = await program.get<Experiment>('theo', 'experiments.stop', { id: begun.id })
    expect(stopped).toMatchObject({ state: 'interrupted', jobId: null })
    expect(jobOf(begun.jobId!)).toMatchObject({ kind: 'experiment', state: 'cancelled' })
    const again = await program.get<Experiment>('theo', 'experiments.resume', { id: begun.id })
    expect(again).toMatchObject({ state: 'running', startedAt: begun.startedAt })
  })

  it('survives the end of the program as interrupted', async () => {
    await program.close()
    program = await startProgram(root)
    await program.get('theo', 'accounts.signIn', { name: 'theo', password })
    const [one] = await program.get<Experiment[]>('theo', 'experiments.list')
    expect(one).toMatchObject({ id: 'reduced-3-cn', state: 'interrupted', seed: 3, tie: 'CN' })
    expect(one!.reduced).toMatchObject({ networks: 2, of: 6, edge: 48, epochs: 3, ownEpochs: { scratch4: 24 } })
  })

  it('knows no other folder, and gives it to nobody but trainers', async () => {
    expect(await program.ask('theo', 'experiments.resume', { id: 'reduced-9-op' })).toMatchObject({
      error: { code: 'experiment-unknown' },
    })
    expect(await program.ask('theo', 'experiments.resume', { id: '../volumes' })).toMatchObject({
      error: { code: 'request-invalid' },
    })
    await program.get('lead', 'accounts.signIn', { name: 'lead', password })
    expect(await program.ask('lead', 'experiments.start', plan)).toMatchObject({ error: { code: 'not-allowed' } })
  })
})
