import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelSet } from '../../../src/preload/contract/labels.ts'
import type { Series, SeriesPlan } from '../../../src/preload/contract/series.ts'
import { defaultRecipe, type Recipe, type Run } from '../../../src/preload/contract/training.ts'
import { computer } from '../../../src/main/files/drafts.ts'
import type { StoredFolds } from '../../../src/main/services/training/runs.ts'
import { writeDiscs } from '../../fixtures/discs.ts'
import { createStudyWith, readAll, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let studyId: string
let set: LabelSet

/** Sixteen scans of eight patients, two sites, one scan a day; two grades on either side of the cut. */
beforeAll(async () => {
  program = await startProgram()
  const folder = join(program.folders.root, 'made')
  await writeDiscs(folder, 16, [32, 32, 8])
  ;({ studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }]))
  await label('r1', 0)
  await label('r2', 0)
  await label('r3', 1)
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  set = await program.get<LabelSet>('lead', 'labels.freeze', { studyId, name: 'Majority', rule: 'majority' })
  await program.person('theo', 'trainer')
})
afterAll(() => program.close())

const label = (reader: string, other: number): Promise<unknown> =>
  readAll(program, reader, studyId, (pseudonym) => (pseudonym.endsWith('1') ? 2 : 4) + other)

const quick: Recipe = {
  ...defaultRecipe,
  ...{ imageSize: 32, epochs: 2, batch: 8, patience: 0, validationShare: 0.25, testShare: 0.25 },
}
const start = (changes: Partial<Recipe>): Promise<Run> =>
  program.get<Run>('theo', 'training.start', { labelSetId: set.id, recipe: { ...quick, ...changes } })
const refused = async (changes: Partial<Recipe>): Promise<unknown> => {
  const outcome = await program.ask('theo', 'training.start', { labelSetId: set.id, recipe: { ...quick, ...changes } })
  return outcome.ok ? outcome.value : outcome.error
}
const run = (runId: string): Promise<Run> => program.get<Run>('theo', 'training.run', { runId })
async function finished(started: Run): Promise<Run> {
  await program.services.training.finished(started.id)
  return run(started.id)
}
const trained = async (changes: Partial<Recipe>): Promise<Run> => finished(await start(changes))

/** Each part's patients and scans, as the run was stored. */
async function partsOf(runId: string) {
  const row = await program.db.selectFrom('training_run').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()
  const { of } = JSON.parse(row.folds) as StoredFolds
  const scans = await program.db
    .selectFrom('scan')
    .leftJoin('scan_day', 'scan_day.scan_id', 'scan.id')
    .select(['scan.id as id', 'scan.patient_id as patient', 'scan.site as site', 'scan_day.day as day'])
    .execute()
  const inPart = (part: string) => scans.filter(({ id }) => of[id] === part)
  return { train: inPart('train'), validation: inPart('validation'), test: inPart('test') }
}

async function expectNoPatientTwice(runId: string) {
  const parts = await partsOf(runId)
  const seen = new Map<string, string>()
  for (const [part, scans] of Object.entries(parts))
    for (const { patient } of scans) {
      expect(seen.get(patient) ?? part).toBe(part)
      seen.set(patient, part)
    }
  return parts
}

describe('a recipe with every option', () => {
  it('is trained, kept with its run, and its model grades', async () => {
    const options: Partial<Recipe> = {
      ...{ optimiser: 'sgdm', learningRate: 0.01, gradientNoise: 0.3, loss: 'coral', imbalance: 'balanced-batches' },
      ...{ softLabels: true, augmentation: { flips: false, rotation: 20, noise: 0.02, intensity: 0.1 } },
    }
    const done = await trained(options)
    expect(done).toMatchObject({ state: 'done', error: null, recipe: { ...quick, ...options } })
    const model = await program.db
      .selectFrom('model')
      .selectAll()
      .where('id', '=', done.modelId!)
      .executeTakeFirstOrThrow()
    const described = JSON.parse(
      readFileSync(join(program.folders.models, model.sha256, 'model.json'), 'utf8'),
    ) as Record<string, unknown>
    expect(described).toMatchObject({ network: 'walle2023', head: 'coral' })
    const { ended } = await program.services.models.predict(
      await program.get('theo', 'accounts.signIn', { name: 'theo', password: 'correct horse battery' }),
      { modelId: model.id, scope: 'all' } as never,
    )
    await ended
    const predictions = await program.get<{ probabilities: number[] }[]>('theo', 'models.predictions', {
      modelId: model.id,
    })
    expect(predictions).toHaveLength(16)
    for (const { probabilities } of predictions) {
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
      expect(probabilities.every((p) => p >= 0)).toBe(true)
    }
  })

  it('starts from another run’s weights file; of a path the card keeps the file’s name alone', async () => {
    const first = await trained({})
    const pretrained = join(program.folders.runs, first.id, 'weights.safetensors')
    const again = await trained({ pretrained, learningRate: 1e-9, epochs: 1 })
    expect(again.state).toBe('done')
    // One tiny step from the first run's best weights, whose validation loss it therefore has; other weights have another.
    expect(again.epochs[0]!.validationLoss).toBeCloseTo(first.epochs[first.bestEpoch! - 1]!.validationLoss!, 3)
    const { sha256 } = await program.db
      .selectFrom('model')
      .select('sha256')
      .where('id', '=', again.modelId!)
      .executeTakeFirstOrThrow()
    const card = readFileSync(join(program.folders.models, sha256, 'card.json'), 'utf8')
    expect(card).toContain('"weights.safetensors"')
    expect(card).not.toContain(program.folders.root)
    expect(await refused({ pretrained: join(program.folders.root, 'nowhere.h5') })).toMatchObject({
      code: 'weights-missing',
    })
  })
})

describe('the test part', () => {
  it('by patients, by fold: no patient in two parts', async () => {
    for (const holdOut of [{ by: 'patients' }, { by: 'fold', folds: 4, fold: 2 }] as const) {
      const started = await start({ holdOut })
      const { test, train, validation } = await expectNoPatientTwice(started.id)
      expect(train.length + validation.length + test.length).toBe(16)
      expect(test).toHaveLength(4)
      expect(await finished(started)).toMatchObject({ state: 'done', split: { train: train.length, test: 4 } })
    }
  })

  it('by date: the scans from that day on, of patients never seen before', async () => {
    const started = await start({ holdOut: { by: 'date', from: '2026-01-10' } })
    const { train, validation, test } = await expectNoPatientTwice(started.id)
    // Two scans a patient on following days: the fifth patient's are of the 9th and 10th.
    expect([...train, ...validation].map(({ day }) => day!).every((day) => day < '2026-01-10')).toBe(true)
    expect(test.map(({ day }) => day).sort()).toEqual([11, 12, 13, 14, 15, 16].map((day) => `2026-01-${day}`))
    expect(train.length + validation.length).toBe(9)
    expect((await finished(started)).state).toBe('done')
  })

  it('by site: that site alone is tested; one site alone can be trained', async () => {
    const tested = await start({ holdOut: { by: 'site', site: 'radius' } })
    const parts = await expectNoPatientTwice(tested.id)
    expect(new Set(parts.test.map(({ site }) => site))).toEqual(new Set(['radius']))
    expect(new Set([...parts.train, ...parts.validation].map(({ site }) => site))).toEqual(new Set(['tibia']))
    expect((await finished(tested)).state).toBe('done')
    const own = await start({ site: 'tibia' })
    const all = Object.values(await expectNoPatientTwice(own.id)).flat()
    expect(all).toHaveLength(8)
    expect(new Set(all.map(({ site }) => site))).toEqual(new Set(['tibia']))
    expect((await finished(own)).state).toBe('done')
  })
})

describe('what cannot be trained is refused before anything is written', () => {
  it.each<[string, Partial<Recipe>]>([
    ['not-enough-memory', { network: 'resnet50', imageSize: 1024, batch: 64 }],
    ['picture-too-small', { network: 'inceptionv3' }],
    ['network-unknown', { network: 'walle2031' }],
    // Each grade is of eight patients.
    ['split-class-too-few-patients', { holdOut: { by: 'fold', folds: 9, fold: 0 } }],
    ['split-nobody-after', { holdOut: { by: 'date', from: '2030-01-01' } }],
    ['split-no-site', { holdOut: { by: 'site', site: 'calcaneus' } }],
    ['training-no-scans', { site: 'calcaneus', validationShare: 0.25, testShare: 0 }],
  ])('%s', async (code, changes) => {
    const runs = (await program.get<Run[]>('theo', 'training.runs', { studyId })).length
    const error = await refused(changes)
    expect(error).toMatchObject({
      code: code === 'training-no-scans' ? expect.stringMatching(/no-scans|few-patients/) : code,
    })
    if (code === 'not-enough-memory') expect((error as { message: string }).message).toMatch(/\d\.\d GB/)
    expect(await program.get<Run[]>('theo', 'training.runs', { studyId })).toHaveLength(runs)
  })

  it('training-scans-gone: the pictures are no longer there', async () => {
    const { content_sha256: sha256 } = await program.db
      .selectFrom('scan')
      .select('content_sha256')
      .executeTakeFirstOrThrow()
    const file = join(program.folders.volumes, `${sha256}.vol`)
    renameSync(file, `${file}.away`)
    expect(await refused({})).toMatchObject({
      code: 'training-scans-gone',
      message: expect.stringContaining('1 of 16') as string,
    })
    renameSync(`${file}.away`, file)
    expect((await trained({ epochs: 1 })).state).toBe('done')
  })
})

describe('three scans, and labels of one grade', () => {
  it('are refused with what to do', async () => {
    const small = await startProgram()
    try {
      const folder = join(small.folders.root, 'made')
      await writeDiscs(folder, 3, [32, 32, 8])
      const study = await createStudyWith(small, [{ folder, purpose: 'reading' }])
      for (const reader of ['r1', 'r2', 'r3']) await readAll(small, reader, study.studyId, () => 3)
      await small.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
      const labels = await small.get<LabelSet>('lead', 'labels.freeze', {
        ...{ studyId: study.studyId, name: 'M', rule: 'majority' },
      })
      await small.person('theo', 'trainer')
      const asked = (changes: Partial<Recipe>) =>
        small.ask('theo', 'training.start', { labelSetId: labels.id, recipe: { ...quick, ...changes } })
      // Two patients, three parts.
      expect(await asked({})).toMatchObject({ error: { code: 'split-too-few-patients' } })
      expect(await asked({ testShare: 0 })).toMatchObject({ error: { code: 'training-one-class' } })
    } finally {
      await small.close()
    }
  })
})

describe('pausing', () => {
  it('halts between two steps, and the run goes on where it was', async () => {
    const started = await start({ epochs: 1000, testShare: 0 })
    await expect.poll(async () => (await run(started.id)).epochs.length).toBeGreaterThan(0)
    expect(await program.get<Run>('theo', 'training.pause', { runId: started.id })).toMatchObject({ state: 'paused' })
    // What was under way when the pause came still arrives, however late; nothing begins after it.
    let halted = -1
    const quiet = async (): Promise<boolean> => {
      const before = halted
      halted = (await run(started.id)).epochs.length
      return halted === before
    }
    await expect.poll(quiet, { interval: 300 }).toBe(true)
    expect(halted).toBeLessThan(1000)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await run(started.id)).toMatchObject({ state: 'paused' })
    expect((await run(started.id)).epochs.length).toBeLessThanOrEqual(halted + 1)
    expect(await refused({})).toMatchObject({ code: 'run-in-progress' })
    expect(await program.ask('theo', 'training.pause', { runId: started.id })).toMatchObject({
      error: { code: 'run-not-running' },
    })
    expect(await program.get<Run>('theo', 'training.resume', { runId: started.id })).toMatchObject({ state: 'running' })
    await expect.poll(async () => (await run(started.id)).epochs.length).toBeGreaterThan(halted + 1)
    // A paused run can be stopped too.
    await program.get<Run>('theo', 'training.pause', { runId: started.id })
    await program.get<Run>('theo', 'training.cancel', { runId: started.id })
    expect(await finished(started)).toMatchObject({ state: 'cancelled' })
  })

  it('of a run that has ended is refused; one left paused by a kill is found interrupted', async () => {
    const done = await trained({ epochs: 1 })
    expect(await program.ask('theo', 'training.pause', { runId: done.id })).toMatchObject({
      error: { code: 'run-not-running' },
    })
    await program.db.updateTable('training_run').set({ state: 'paused' }).where('id', '=', done.id).execute()
    await program.services.training.markInterrupted()
    expect((await run(done.id)).state).toBe('interrupted')
    await program.db.updateTable('training_run').set({ state: 'done' }).where('id', '=', done.id).execute()
  })
})

describe('a run that another program on this computer carries out', () => {
  it('is left to it while it lives, and goes on here once it was killed', async () => {
    const done = await trained({ epochs: 1 })
    const set = (state: 'running' | 'done') =>
      program.db.updateTable('training_run').set({ state }).where('id', '=', done.id).execute()
    const holder = join(program.folders.runs, done.id, 'program.json')
    expect(existsSync(holder)).toBe(false)
    await set('running')
    const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    })
    writeFileSync(holder, JSON.stringify({ computer: computer(), pid: other.pid }))
    expect(await program.ask('theo', 'training.resume', { runId: done.id })).toMatchObject({
      error: { code: 'run-in-progress' },
    })
    await program.services.training.markInterrupted()
    expect((await run(done.id)).state).toBe('running')
    const gone = once(other, 'exit')
    other.kill('SIGKILL')
    await gone
    expect(await finished(await program.get<Run>('theo', 'training.resume', { runId: done.id }))).toMatchObject({
      ...{ state: 'done', test: done.test, validation: done.validation },
    })
    expect(existsSync(holder)).toBe(false)
  })
})

describe('a run whose program ended between its model and its last word', () => {
  it('keeps that one model when it goes on', async () => {
    const done = await trained({ epochs: 1 })
    const models = () => program.db.selectFrom('model').selectAll().where('run_id', '=', done.id).execute()
    const before = await models()
    expect(before).toHaveLength(1)
    await program.db
      .updateTable('training_run')
      .set({ state: 'interrupted', figures: null, best_epoch: null })
      .where('id', '=', done.id)
      .execute()
    const again = await finished(await program.get<Run>('theo', 'training.resume', { runId: done.id }))
    expect(again).toMatchObject({ state: 'done', test: done.test, validation: done.validation, bestEpoch: 1 })
    expect(await models()).toEqual(before)
  })

  it('starts once, however often it is asked at once', async () => {
    const asked = await Promise.all(
      [1, 2, 3].map(() => program.ask('theo', 'training.start', { labelSetId: set.id, recipe: quick })),
    )
    const started = asked.filter((one) => one.ok)
    expect(started).toHaveLength(1)
    for (const one of asked) if (!one.ok) expect(one.error.code).toBe('run-in-progress')
    await finished((started[0] as { value: Run }).value)
  })
})

describe('a series of runs', () => {
  const startSeries = (plan: SeriesPlan): Promise<Series> =>
    program.get<Series>('theo', 'series.start', { labelSetId: set.id, plan })
  const get = async (id: string): Promise<Series> =>
    (await program.get<Series[]>('theo', 'series.list', { studyId })).find((one) => one.id === id)!

  it('cross-validates: each scan is tested once, by a network that has not seen its patient', async () => {
    const { id } = await startSeries({ variants: [quick, { ...quick, network: 'scratch4' }], folds: 4, inner: 0 })
    expect(
      await program.ask('theo', 'series.start', {
        labelSetId: set.id,
        plan: { variants: [quick], folds: 2, inner: 0 },
      }),
    ).toMatchObject({ error: { code: 'series-in-progress' } })
    await program.services.series.finished()
    const series = await get(id)
    expect(series).toMatchObject({ state: 'done', done: 8, total: 8, error: null })
    expect(series.rows.map(({ network }) => network)).toEqual(['walle2023', 'scratch4'])
    for (const row of series.rows) {
      expect(row.kappas).toHaveLength(4)
      expect(row.figures?.scans).toBe(16)
      const tested: string[] = []
      for (const runId of row.runIds) tested.push(...(await expectNoPatientTwice(runId)).test.map((scan) => scan.id))
      expect(new Set(tested).size).toBe(16)
      expect(tested).toHaveLength(16)
    }
  })

  it('is stopped, and goes on with the first run that is not done', async () => {
    const long = { ...quick, epochs: 30 }
    const { id } = await startSeries({ variants: [long], folds: 3, inner: 0 })
    await expect.poll(async () => (await get(id)).done).toBeGreaterThan(0)
    const stopped = await program.get<Series>('theo', 'series.cancel', { seriesId: id })
    expect(stopped.state).toBe('cancelled')
    expect(stopped.done).toBeLessThan(3)
    const before = stopped.rows[0]!.runIds
    await program.get('theo', 'series.resume', { seriesId: id })
    await program.services.series.finished()
    const series = await get(id)
    expect(series).toMatchObject({ state: 'done', done: 3 })
    // The runs there were are the same; none was trained twice.
    expect(series.rows[0]!.runIds.slice(0, before.length)).toEqual(before)
    expect(await program.ask('theo', 'series.resume', { seriesId: id })).toMatchObject({
      error: { code: 'series-done' },
    })
  })

  it('tunes a choice inside each fold: the tested scans have no part in it', async () => {
    const variants = [
      { ...quick, learningRate: 1e-6 },
      { ...quick, learningRate: 0.003 },
    ]
    const models = await program.db.selectFrom('model').select('id').execute()
    const { id } = await startSeries({ variants, folds: 2, inner: 2 })
    await program.services.series.finished()
    const series = await get(id)
    expect(series).toMatchObject({ state: 'done', done: 10, total: 10 })
    expect(series.rows).toHaveLength(1)
    expect(series.rows[0]!.figures?.scans).toBe(16)
    expect(series.rows[0]!.chosen.every((variant) => variant === 0 || variant === 1)).toBe(true)
    // Runs that only serve the choice leave no model.
    expect(await program.db.selectFrom('model').select('id').execute()).toHaveLength(models.length + 2)
    const links = await program.db.selectFrom('training_series_run').selectAll().where('series_id', '=', id).execute()
    for (const fold of [0, 1]) {
      const own = links.filter(({ step }) => step.split('/')[1] === String(fold))
      const outer = own.find(({ step }) => step.split('/').length === 2)!
      const tested = new Set((await partsOf(outer.run_id)).test.map(({ patient }) => patient))
      expect(tested.size).toBeGreaterThan(0)
      for (const { run_id, step } of own) {
        if (step.split('/').length === 2) continue
        const { train, validation } = await expectNoPatientTwice(run_id)
        for (const { patient } of [...train, ...validation]) expect(tested.has(patient)).toBe(false)
      }
    }
    expect(
      await program.ask('theo', 'series.start', {
        labelSetId: set.id,
        plan: { variants: [quick], folds: 2, inner: 2 },
      }),
    ).toMatchObject({ error: { code: 'series-differs' } })
    // Each grade is of eight patients: too few for nine folds, and for eight inside a fold. Nothing is begun.
    const begun = () => program.db.selectFrom('training_series').select('id').execute()
    const before = await begun()
    for (const [folds, inner] of [
      [9, 2],
      [2, 8],
    ])
      expect(
        await program.ask('theo', 'series.start', { labelSetId: set.id, plan: { variants, folds, inner } }),
      ).toMatchObject({ error: { code: expect.stringMatching(/^split-.*too-few-patients$/) as string } })
    expect(await begun()).toEqual(before)
  })

  it('is refused before its first run where a later one would not fit in memory, in the words of a single run', async () => {
    const large = { ...quick, network: 'resnet50', imageSize: 1024, batch: 64 }
    const single = (await refused(large)) as { code: string; message: string }
    const begun = (await program.get<Series[]>('theo', 'series.list', { studyId })).length
    const outcome = await program.ask('theo', 'series.start', {
      ...{ labelSetId: set.id, plan: { variants: [quick, large], folds: 2, inner: 0 } },
    })
    expect(outcome).toMatchObject({ error: { code: 'not-enough-memory' } })
    // What is free changes from one moment to the next; what is needed does not.
    const words = ({ message }: { message: string }): string => message.replace(/\d+\.\d GB can/, 'so much can')
    expect(words((outcome as { error: { message: string } }).error)).toBe(words(single))
    expect(await program.get<Series[]>('theo', 'series.list', { studyId })).toHaveLength(begun)
  })
})
