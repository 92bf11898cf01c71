import { readFileSync, readdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { normalisedEntropy } from '../../../../src/main/domain/evaluation/ensemble.ts'
import { scaledBy } from '../../../../src/main/domain/evaluation/temperature.ts'
import { verifyChain } from '../../../../src/main/store/verify.ts'
import type { Comparison, Model, Prediction } from '../../../../src/preload/contract/models.ts'
import type { Run } from '../../../../src/preload/contract/training.ts'
import { password } from '../../../fixtures/program.ts'
import { startTrained, type Trained } from '../../../fixtures/trained.ts'

let at: Trained
beforeAll(async () => {
  at = await startTrained()
})
afterAll(() => at.close())

/** Votes, places of queues, settlements and labels. */
const counts = async () => {
  const count = async (table: 'vote' | 'assignment' | 'adjudication' | 'label') =>
    (
      await at.program.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n
  return [await count('vote'), await count('assignment'), await count('adjudication'), await count('label')]
}

describe('a model', () => {
  it('is judged on the scans that it never learned from, with the readers beside it', async () => {
    const { program, first, evaluation } = at
    const found = (await evaluation(first.id))!
    const run = await program.get<Run>('theo', 'training.run', { runId: first.runId })
    expect(found).toMatchObject({ part: 'test', scans: run.split.test, readers: ['A', 'B', 'C'] })
    const accuracy = found.figures.find(({ name, target }) => name === 'accuracy' && target === 'all')!
    // The same scans and labels as the figures that the run ended with.
    expect(accuracy.estimate).toBeCloseTo(run.test!.accuracy.estimate!, 12)
    expect(found.confusion).toEqual(run.test!.confusion)
    // What the flag is worth: with and without it all of them, and all that are right.
    const { unsure, others } = found.flag
    expect(unsure.n + others.n).toBe(found.scans)
    expect(unsure.right + others.right).toBe(found.confusion.reduce((sum, row, grade) => sum + row[grade]!, 0))
    const held = await program.db
      .selectFrom('held_out')
      .select('probabilities')
      .where('model_id', '=', first.id)
      .where('part', '=', 'test')
      .execute()
    const answers = held.map((one) => scaledBy(JSON.parse(one.probabilities) as number[], first.scaling!.temperature))
    expect(unsure.n).toBe(answers.filter((answer) => normalisedEntropy(answer) >= 0.5).length)
    expect(accuracy.readers!.low).toBeLessThanOrEqual(accuracy.readers!.high)
    expect(accuracy.readers!.high).toBeLessThanOrEqual(1)
    const other = found.figures.find(({ name, target }) => name === 'auc' && target === 'cut')!
    expect(other.readers).not.toBeNull()
    expect(run.reference.readersBand!.low).toBeLessThan(run.reference.readersBand!.high)
  })

  it('leaves every table as CSV', async () => {
    const { program, first, second } = at
    for (const table of ['figures', 'confusion', 'calibration']) {
      const saved = await program.get<{ path: string; rows: number }>('theo', 'models.saveEvaluation', {
        ...{ modelId: first.id, table },
      })
      const [head, ...lines] = readFileSync(saved.path, 'utf8').trim().split(/\r?\n/)
      expect(head!.split(',').length).toBeGreaterThan(5)
      expect(lines).toHaveLength(saved.rows)
      expect(lines.join('\n')).not.toMatch(/NaN|undefined/)
    }
    const saved = await program.get<{ path: string; rows: number }>('theo', 'models.saveComparison', {
      modelIds: [first.id, second.id],
    })
    expect(readFileSync(saved.path, 'utf8')).toContain('mcnemar')
  })

  it('is compared with another on the scans that both held out', async () => {
    const { program, first, second, evaluation } = at
    const modelIds = [first.id, second.id]
    const { pairs, models: sides, scans } = await program.get<Comparison>('theo', 'models.compare', { modelIds })
    // One seed, one label set: the same test patients.
    expect(scans).toBe((await evaluation(first.id))!.scans)
    expect(pairs).toHaveLength(1)
    const { grade, differences } = pairs[0]!.comparison!
    const [a, b] = sides.map(({ figures }) => figures![0]!.estimate!)
    expect(differences[0]!.difference).toBeCloseTo(b! - a!, 12)
    expect((grade.onlySecond - grade.onlyFirst) / scans).toBeCloseTo(b! - a!, 12)
    expect(await program.ask('theo', 'models.compare', { modelIds: [first.id, first.id] })).toMatchObject({
      error: { code: 'compare-too-few' },
    })
  })

  it('grades by the mean of its slices or by their majority, and says which', async () => {
    const { first, predict } = at
    const mean = await predict(first.id, 'all')
    expect(mean).toHaveLength(32)
    for (const one of mean) {
      expect(one).toMatchObject({ rule: 'mean', tie: false, memberDisagreement: null })
      const sums = one.probabilities.map((_, k) => one.slices.reduce((s, { probabilities: p }) => s + p[k]!, 0))
      const scaled = scaledBy(
        sums.map((sum) => sum / one.slices.length),
        first.scaling!.temperature,
      )
      one.probabilities.forEach((p, k) => expect(p).toBeCloseTo(scaled[k]!, 6))
    }
    for (const one of await predict(first.id, 'unread', 'majority')) {
      if (one.rule === 'mean') continue
      const named = one.slices.map(({ probabilities: p }) => 1 + p.indexOf(Math.max(...p)))
      const votes = [1, 2, 3, 4, 5].map((grade) => named.filter((n) => n === grade).length)
      expect(votes[one.grade - 1]).toBe(Math.max(...votes))
      expect(one.sliceDisagreement).toBeCloseTo(1 - Math.max(...votes) / named.length, 12)
    }
  })

  it('grades all others where some scans’ pictures are gone or damaged, and names those', async () => {
    const { program, second } = at
    const unread = await program.db
      .selectFrom('scan')
      .select(['id', 'pseudonym', 'content_sha256'])
      .where('purpose', '=', 'unread')
      .orderBy('pseudonym')
      .execute()
    const file = (index: number): string => join(program.folders.volumes, `${unread[index]!.content_sha256}.vol`)
    const bytes = readFileSync(file(3))
    renameSync(file(1), `${file(1)}.away`)
    truncateSync(file(3), 200)
    try {
      const theo = await program.services.accounts.signIn({ name: 'theo', password })
      const asked = { modelId: second.id, scope: 'unread' as const }
      const { jobId, ended } = await program.services.models.predict(theo, asked)
      await ended
      const job = (await program.services.jobs.list(theo.accountId)).find(({ id }) => id === jobId)!
      expect(job).toMatchObject({ state: 'failed', error: { code: 'scans-not-graded' } })
      const { message } = job.error!
      expect(message).toContain('2 of 8 scans')
      expect(message).not.toMatch(/Scan P/)
      for (const index of [1, 3]) expect(message).toContain(unread[index]!.pseudonym)
      for (const { id } of unread) expect(message).not.toContain(id)
      const graded = await program.get<Prediction[]>('theo', 'models.predictions', { modelId: second.id })
      expect(graded.map(({ pseudonym }) => pseudonym).sort()).toEqual(
        unread.flatMap(({ pseudonym }, index) => (index === 1 || index === 3 ? [] : [pseudonym])),
      )
    } finally {
      renameSync(`${file(1)}.away`, file(1))
      writeFileSync(file(3), bytes)
    }
  })

  it('never votes: grading changes no vote, no queue, no label and no consensus', async () => {
    const { program, studyId, second, predict } = at
    const before = await counts()
    const overview = await program.get<object>('lead', 'analysis.overview', { studyId })
    await predict(second.id, 'all')
    expect(await counts()).toEqual(before)
    expect(await program.get<object>('lead', 'analysis.overview', { studyId })).toEqual(overview)
    // Nothing but the reader's own desk puts a vote into the database.
    const folder = new URL('../../../../src/main/', import.meta.url)
    const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && /insertInto\('vote'\)/.test(readFileSync(new URL(file, folder), 'utf8')),
    )
    expect(writers.length).toBeGreaterThan(0)
    for (const file of writers)
      expect(readFileSync(new URL(file, folder), 'utf8')).not.toMatch(/prediction'\)|learner|models/)
  })

  it('shows where it looks, to those who may know', async () => {
    const { program, first } = at
    const [one] = await program.get<Prediction[]>('theo', 'models.predictions', { modelId: first.id })
    const asked = { modelId: first.id, scanId: one!.scanId, slice: 4, grade: 4 }
    const heat = await program.get<{ values: number[]; width: number; height: number }>('lead', 'models.heat', asked)
    expect(heat).toMatchObject({ grade: 4, width: 96, height: 96 })
    expect(heat.values).toHaveLength(96 * 96)
    expect(await program.ask('r1', 'models.heat', asked)).toMatchObject({ error: { code: 'not-allowed' } })
    expect(await program.ask('theo', 'models.heat', { ...asked, slice: 99 })).toMatchObject({
      error: { code: 'slice-unknown' },
    })
  })
})

describe('a model taken out of use', () => {
  it('stays with its predictions, is recorded, and grades no more', async () => {
    const { program, studyId, first, second, models } = at
    const retired = await program.get<Model>('theo', 'models.retire', {
      modelId: first.id,
      reason: 'Trained on too few scans',
    })
    expect(retired.retired).toMatchObject({ reason: 'Trained on too few scans', by: 'Dr theo' })
    expect((await models()).find(({ id }) => id === first.id)!.retired).not.toBeNull()
    expect((await program.get<Prediction[]>('theo', 'models.predictions', { modelId: first.id })).length).toBe(32)
    for (const [route, request] of [
      ['models.predict', { modelId: first.id, scope: 'all' }],
      ['models.retire', { modelId: first.id, reason: 'again' }],
      ['models.combine', { studyId, name: 'N', modelIds: [first.id, second.id], rule: 'mean' }],
    ] as const)
      expect(await program.ask('theo', route, request)).toMatchObject({ error: { code: 'model-retired' } })
    const acts = await program.db.selectFrom('audit').select('act').where('subject', '=', first.id).execute()
    expect(acts.map(({ act }) => act)).toEqual(expect.arrayContaining(['model.registered', 'model.retired']))
    expect((await verifyChain(program.db)).broken).toBeNull()
    await expect(program.db.deleteFrom('model').where('id', '=', first.id).execute()).rejects.toThrow(/never/)
  })
})
