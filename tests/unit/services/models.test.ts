import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reproduce } from '../../../src/main/cli/reproduce.ts'
import { normalisedEntropy } from '../../../src/main/domain/evaluation/ensemble.ts'
import { chooseTemperature, scaledBy, unscaledFrom } from '../../../src/main/domain/evaluation/temperature.ts'
import { readDescription } from '../../../src/main/learning/model-file.ts'
import type { Comparison, Evaluation, Model, Prediction } from '../../../src/preload/contract/models.ts'
import { defaultRecipe, type Recipe, type Run } from '../../../src/preload/contract/training.ts'
import { createStudyWith, password, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { writeDiscs } from '../../fixtures/discs.ts'
import { warmModel } from '../../fixtures/warm-model.ts'

/** As the network gave them. */
const unscaled = (one: Prediction, model: Model): number[] =>
  unscaledFrom(one.probabilities, model.scaling!.temperature)

let program: Program
let made: string
let studyId: string
let first: Model
let second: Model
const recipe: Recipe = { ...defaultRecipe, imageSize: 32, epochs: 2, batch: 8, testShare: 0.3, validationShare: 0.3 }

/** The readers' grades: mostly what the number of the patient says, each reader other now and then. */
const gradeOf = (reader: number) => (pseudonym: string) => {
  const [patient, scan] = pseudonym.slice(1).split('-').map(Number)
  const grade = 1 + ((patient! + scan!) % 5)
  return (patient! + reader) % 4 === 0 ? Math.min(5, grade + 1) : grade
}
const readers = ['r1', 'r2', 'r3']
const everybodyReads = async () => {
  for (const [index, reader] of readers.entries()) await readAll(program, reader, studyId, gradeOf(index))
}
const freeze = async (name: string) =>
  (await program.get<{ id: string }>('lead', 'labels.freeze', { studyId, name, rule: 'rounded-mean' })).id
const models = () => program.get<Model[]>('theo', 'models.list', { studyId })
const evaluation = (modelId: string) => program.get<Evaluation | null>('theo', 'models.evaluation', { modelId })

async function train(labelSetId: string, changes: Partial<Recipe> = {}, basedOn?: string): Promise<Model> {
  const run = await program.get<Run>('theo', 'training.start', {
    ...{ labelSetId, recipe: { ...recipe, ...changes } },
    ...(basedOn === undefined ? {} : { basedOn }),
  })
  await program.services.training.finished(run.id)
  const ended = await program.get<Run>('theo', 'training.run', { runId: run.id })
  if (ended.error) throw new Error(ended.error.message)
  return (await models()).find(({ id }) => id === ended.modelId)!
}

async function predict(modelId: string, scope: 'unread' | 'all', rule: 'mean' | 'majority' = 'mean') {
  const theo = await program.services.accounts.signIn({ name: 'theo', password })
  const { ended } = await program.services.models.predict(theo, { modelId, scope, rule })
  await ended
  return program.get<Prediction[]>('theo', 'models.predictions', { modelId })
}

const counts = async () => {
  const count = async (table: 'vote' | 'assignment' | 'adjudication' | 'label') =>
    (
      await program.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n
  return [await count('vote'), await count('assignment'), await count('adjudication'), await count('label')]
}

beforeAll(async () => {
  program = await startProgram()
  made = join(program.folders.root, 'made')
  await writeDiscs(join(made, 'reading'), 24, [40, 40, 9])
  await writeDiscs(join(made, 'unread'), 8, [40, 40, 10])
  ;({ studyId } = await createStudyWith(program, [
    { folder: join(made, 'reading'), purpose: 'reading' },
    { folder: join(made, 'unread'), purpose: 'unread' },
  ]))
  await everybodyReads()
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.person('theo', 'trainer')
  const set = await freeze('First')
  first = await train(set)
  second = await train(set, { network: 'scratch4' })
})
afterAll(() => program.close())

describe('a model', () => {
  it('is judged on the scans that it never learned from, with the readers beside it', async () => {
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
    const before = await counts()
    const overview = await program.get<object>('lead', 'analysis.overview', { studyId })
    await predict(second.id, 'all')
    expect(await counts()).toEqual(before)
    expect(await program.get<object>('lead', 'analysis.overview', { studyId })).toEqual(overview)
    // Nothing but the reader's own desk puts a vote into the database.
    const folder = new URL('../../../src/main/', import.meta.url)
    const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && /insertInto\('vote'\)/.test(readFileSync(new URL(file, folder), 'utf8')),
    )
    expect(writers.length).toBeGreaterThan(0)
    for (const file of writers)
      expect(readFileSync(new URL(file, folder), 'utf8')).not.toMatch(/prediction'\)|learner|models/)
  })

  it('shows where it looks, to those who may know', async () => {
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

describe('the temperature of a model', () => {
  it('is fitted on its validation scans alone, and kept with it and its card', async () => {
    const set = await program.db.selectFrom('label').selectAll().execute()
    const scans = await program.db.selectFrom('scan').select(['id', 'patient_id']).execute()
    const held = await program.db
      .selectFrom('held_out')
      .selectAll()
      .where('model_id', '=', first.id)
      .where('part', '=', 'validation')
      .execute()
    const choice = chooseTemperature(
      held.map(({ scan_id, probabilities }) => ({
        probabilities: JSON.parse(probabilities) as number[],
        label: set.find((label) => label.scan_id === scan_id)!.grade - 1,
        patient: scans.find(({ id }) => id === scan_id)!.patient_id,
      })),
    )
    expect(first.scaling).toMatchObject({ of: 'whole', scans: held.length, reason: choice.reason })
    const { temperature } = readDescription(join(program.folders.models, first.sha256))
    expect(temperature).toBe(first.scaling!.temperature)
    if (choice.temperature === null) expect(temperature).toBeNull()
    else expect(temperature).toBeCloseTo(choice.temperature, 9)
  })

  it('comes with a model from elsewhere, and scales what it says of scans and nothing else', async () => {
    const model = await warmModel(program, first, 2.5)
    expect(model.scaling).toMatchObject({ temperature: 2.5 })
    const [plain, scaled] = [await predict(first.id, 'all'), await predict(model.id, 'all')]
    for (const one of scaled) {
      const other = plain.find(({ scanId }) => scanId === one.scanId)!
      const raw = unscaled(other, first)
      scaledBy(raw, 2.5).forEach((p, k) => expect(one.probabilities[k]).toBeCloseTo(p, 6))
      expect(one.grade).toBe(other.grade)
      expect(one.uncertainty).toBeCloseTo(normalisedEntropy(scaledBy(raw, 2.5)), 6)
      expect(one.uncertainty).toBeGreaterThan(normalisedEntropy(raw))
      expect(one.slices).toEqual(other.slices)
    }
    // Judged on the scans graded here: the curve before is the network's own, the one after what people get.
    const { calibration, figures } = (await evaluation(model.id))!
    const own = (await evaluation(first.id))!
    expect(calibration.grade.ece).toBeCloseTo(own.calibration.grade.ece!, 12)
    expect(calibration.scaled!.ece).not.toBe(calibration.grade.ece)
    expect(figures.find(({ name }) => name === 'auc')!.estimate).toBeCloseTo(
      own.figures.find(({ name }) => name === 'auc')!.estimate!,
      12,
    )
    const { path } = await program.get<{ path: string }>('theo', 'models.export', {
      ...{ modelId: model.id, format: 'tensorflow-js' },
    })
    const about = JSON.parse(readFileSync(join(path, 'concord.json'), 'utf8')) as Record<string, unknown>
    expect(about).toMatchObject({ temperature: 2.5, scan: expect.stringContaining('p^(1/2.5)') as string })
  })

  it('of networks without validation scans in common scales each of them before they are combined', async () => {
    const model = await warmModel(program, first, 4)
    const modelIds = [first.id, model.id]
    const both = await program.get<Model>('theo', 'models.combine', {
      studyId,
      name: 'Warm too',
      modelIds,
      rule: 'mean',
    })
    expect(both.scaling).toMatchObject({ of: 'members', reason: 'few-patients', scans: 0 })
    const [plain, together] = [await predict(first.id, 'all'), await predict(both.id, 'all')]
    for (const one of together) {
      const other = plain.find(({ scanId }) => scanId === one.scanId)!
      const hot = scaledBy(unscaled(other, first), 4)
      one.probabilities.forEach((p, k) => expect(p).toBeCloseTo((other.probabilities[k]! + hot[k]!) / 2, 6))
    }
  })
})

describe('an ensemble', () => {
  let both: Model
  it('is one model of several networks, judged on what all of them held out', async () => {
    const modelIds = [first.id, second.id]
    both = await program.get<Model>('theo', 'models.combine', { studyId, name: 'Both', modelIds, rule: 'majority' })
    expect(both).toMatchObject({ origin: 'ensemble', rule: 'majority', runId: null, recipe: null })
    expect(both.members.map(({ id }) => id)).toEqual(modelIds)
    expect((await evaluation(both.id))!.scans).toBe((await evaluation(first.id))!.scans)
    const combine = (changes: object) =>
      program.ask('theo', 'models.combine', { studyId, name: 'Other', modelIds, rule: 'mean', ...changes })
    expect(await combine({ name: 'Both' })).toMatchObject({ error: { code: 'name-taken' } })
    expect(await combine({ modelIds: [first.id, first.id] })).toMatchObject({ error: { code: 'ensemble-too-few' } })
    expect(await combine({ modelIds: [first.id, both.id] })).toMatchObject({ error: { code: 'ensemble-scales' } })
  })

  it('grades by what its networks say and says how far they differ', async () => {
    const [own, other, together] = [
      await predict(first.id, 'all'),
      await predict(second.id, 'all'),
      await predict(both.id, 'all'),
    ]
    expect(together).toHaveLength(32)
    for (const one of together) {
      const [a, b] = [own, other].map((list) => list.find(({ scanId }) => scanId === one.scanId)!)
      const [p, q] = [unscaled(a!, first), unscaled(b!, second)]
      const mean = scaledBy(
        p.map((value, k) => (value + q[k]!) / 2),
        both.scaling!.temperature,
      )
      one.probabilities.forEach((value, k) => expect(value).toBeCloseTo(mean[k]!, 6))
      expect([a!.grade, b!.grade]).toContain(one.grade)
      const agree = a!.grade === b!.grade
      expect(one).toMatchObject({ rule: 'majority', tie: !agree, memberDisagreement: agree ? 0 : 0.5 })
      if (!agree) expect(one.unsure).toBe(true)
    }
    expect(
      await program.ask('theo', 'models.heat', { modelId: both.id, scanId: own[0]!.scanId, slice: 0, grade: null }),
    ).toMatchObject({ error: { code: 'heat-of-ensemble' } })
  })

  it('goes to another workstation in one file with its networks, and says the same there', async () => {
    const saved = await program.get<{ path: string }>('theo', 'models.export', { modelId: both.id, format: 'concord' })
    const there = await startProgram()
    try {
      await there.person('theo', 'trainer')
      const { studyId: elsewhere } = await createStudyWith(there, [
        { folder: join(made, 'reading'), purpose: 'reading' },
        { folder: join(made, 'unread'), purpose: 'unread' },
      ])
      const theo = await there.services.accounts.signIn({ name: 'theo', password })
      const take = (path: string) => there.services.models.importFile(theo, { studyId: elsewhere, path })
      const model = await take(saved.path)
      expect(model).toMatchObject({ name: 'Both', origin: 'ensemble', sha256: both.sha256, rule: 'majority' })
      const list = await there.services.models.list(theo, elsewhere)
      expect(list.map(({ origin }) => origin).sort()).toEqual(['ensemble', 'import', 'import'])
      const member = list.find(({ sha256 }) => sha256 === first.sha256)!
      expect(member).toMatchObject({
        ...{
          network: 'walle2023',
          labelSetName: 'First',
          votesDigest: first.votesDigest,
          parameters: first.parameters,
        },
        ...{ intendedUse: first.intendedUse, recipe: first.recipe, test: first.test },
      })
      const { ended } = await there.services.models.predict(theo, { modelId: model.id, scope: 'unread' })
      await ended
      const said = await there.services.models.predictions(theo, model.id)
      const here = await predict(both.id, 'unread')
      expect(said).toHaveLength(8)
      expect(said.map(({ grade, probabilities }) => [grade, ...probabilities.map((p) => p.toFixed(5))]).sort()).toEqual(
        here
          .filter(({ withReaders }) => !withReaders)
          .map(({ grade, probabilities }) => [grade, ...probabilities.map((p) => p.toFixed(5))])
          .sort(),
      )
      await expect(take(saved.path)).rejects.toMatchObject({ code: 'model-known' })

      // The same scans have labels there too: those that the card says it learned from do not count for it.
      expect(await there.services.models.evaluation(theo, member.id)).toBeNull()
      for (const [index, reader] of readers.entries()) await readAll(there, reader, elsewhere, gradeOf(index))
      await there.get('lead', 'analysis.seal', { studyId: elsewhere, incomplete: false })
      await there.get('lead', 'labels.freeze', { studyId: elsewhere, name: 'Theirs', rule: 'rounded-mean' })
      await (
        await there.services.models.predict(theo, { modelId: member.id, scope: 'all' })
      ).ended
      const judged = (await there.services.models.evaluation(theo, member.id))!
      const own = (await evaluation(first.id))!
      expect(judged).toMatchObject({ part: 'here', scans: own.scans, confusion: own.confusion })

      // Files that are no such model: nothing of them is kept.
      const bytes = readFileSync(saved.path)
      const file = (name: string, content: Buffer): string => {
        const path = join(there.folders.root, name)
        writeFileSync(path, content)
        return path
      }
      const flipped = Buffer.from(bytes)
      flipped[Math.floor(bytes.length / 2)]! ^= 1
      const cut = file('cut', bytes)
      truncateSync(cut, bytes.length - 2000)
      const later = Buffer.from(
        bytes.toString('latin1').replace('concord-model-file-1', 'concord-model-file-9'),
        'latin1',
      )
      for (const [path, code] of [
        [cut, 'model-file-truncated'],
        [file('short', bytes.subarray(0, 700)), 'model-file-truncated'],
        [file('flipped', flipped), 'model-file-changed'],
        [file('newer', later), 'model-file-newer'],
        [file('text', Buffer.from('Notes of Tuesday\n'.repeat(100))), 'model-file-foreign'],
        [file('empty', Buffer.alloc(0)), 'model-file-foreign'],
        [join(there.folders.root, 'nowhere'), 'model-file-missing'],
      ] as const)
        await expect(take(path), code).rejects.toMatchObject({ code })
      const { id: yesNo } = await there.get<{ id: string }>('lead', 'studies.create', {
        ...{ title: 'Yes or no', template: 'hrpqct-motion', readersPerScan: 1 },
        scale: { grades: [0, 1].map((value) => ({ value, word: String(value), description: '' })), rescanFrom: null },
      })
      await expect(there.services.models.importFile(theo, { studyId: yesNo, path: saved.path })).rejects.toMatchObject({
        code: 'model-other-scale',
      })
      expect(readdirSync(there.folders.models)).toHaveLength(3)
    } finally {
      await there.close()
    }
  })

  it('names no patient in any model or in what leaves', async () => {
    const scans = await program.db.selectFrom('scan').select(['id', 'pseudonym']).execute()
    const patients = await program.db.selectFrom('patient').select('id').execute()
    const out = join(program.folders.root, 'tfjs')
    mkdirSync(out)
    const theo = await program.services.accounts.signIn({ name: 'theo', password })
    await program.services.models.exportTensorflowJs(theo, first.id, async () => out)
    const texts = [
      out,
      ...readdirSync(program.folders.models).map((name) => join(program.folders.models, name)),
    ].flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')))
    const { path } = await program.services.models.exportFile(theo, both.id, async (name) =>
      join(program.folders.root, name),
    )
    texts.push(readFileSync(path!, 'latin1'))
    expect(texts.length).toBeGreaterThan(9)
    for (const text of texts) {
      for (const { id, pseudonym } of scans)
        expect([text.includes(id), text.includes(pseudonym)]).toEqual([false, false])
      for (const { id } of patients) expect(text.includes(id)).toBe(false)
      expect(text).not.toContain('Disc')
    }
  })
})

describe('scans of which a model is unsure', () => {
  it('go to the readers in a round of their own, who learn nothing of the model', async () => {
    const unread = (await predict(first.id, 'unread')).filter(({ withReaders }) => !withReaders)
    expect(unread).toHaveLength(8)
    const [a, b, c] = unread
    const desks = async () =>
      Promise.all(readers.map((r) => program.get<{ open: boolean; total: number }>(r, 'reading.desk', { studyId })))
    const before = await desks()
    expect(before.every(({ open }) => !open)).toBe(true)
    const send = (changes: object = {}) =>
      program.ask('lead', 'models.sendBack', {
        ...{ modelId: first.id, scanIds: [a!.scanId, b!.scanId, c!.scanId], alsoSure: 0, ...changes },
      })
    const read = (await program.get<Prediction[]>('theo', 'models.predictions', { modelId: first.id })).find(
      (p) => p.withReaders,
    )
    expect(await send({ scanIds: [read!.scanId] })).toMatchObject({ error: { code: 'nothing-to-send' } })
    expect(await send()).toMatchObject({ ok: true, value: { scans: 3, sure: 0, skipped: 0 } })
    expect(await send()).toMatchObject({ error: { code: 'study-not-sealed' } })
    const after = await desks()
    after.forEach((desk, i) => expect(desk).toMatchObject({ open: true, total: before[i]!.total + 3, undoable: null }))
    // A vote of before the seal is not taken back now, and no reply knows the model's grade.
    expect(await program.ask('r1', 'reading.undo', { studyId })).toMatchObject({ error: { code: 'nothing-to-undo' } })
    const desk = JSON.stringify(after)
    for (const word of ['prediction', 'probabilit', 'uncertain', first.id, first.name]) expect(desk).not.toContain(word)
    expect(await program.ask('r1', 'models.predictions', { modelId: first.id })).toMatchObject({
      error: { code: 'not-allowed' },
    })
    expect(await program.ask('lead', 'labels.freeze', { studyId, name: 'Too soon', rule: 'majority' })).toMatchObject({
      error: { code: 'study-not-sealed' },
    })
  })

  it('make the label set grow, and the last recipe is proposed again, with the same test patients', async () => {
    await everybodyReads()
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    const grown = await freeze('Second')
    const proposal = await program.get<{
      runId: string
      modelId: string
      labelsBefore: number
      labelsNow: number
      sameTestPatients: number
      recipe: Recipe
    }>('theo', 'models.retrainProposal', { labelSetId: grown })
    expect(proposal).toMatchObject({
      modelId: second.id,
      labelsBefore: 24,
      labelsNow: 27,
      recipe: { network: 'scratch4' },
    })
    const again = await train(grown, proposal.recipe, proposal.runId)
    expect(again.previousId).toBe(second.id)
    const folds = async (runId: string) =>
      (
        JSON.parse(
          (
            await program.db
              .selectFrom('training_run')
              .select('folds')
              .where('id', '=', runId)
              .executeTakeFirstOrThrow()
          ).folds,
        ) as { of: Record<string, string> }
      ).of
    const [old, now] = [await folds(second.runId!), await folds(again.runId!)]
    for (const [scan, part] of Object.entries(old)) if (part === 'test') expect(now[scan]).toBe('test')
    // No patient in two parts.
    const patientOf = new Map(
      (await program.db.selectFrom('scan').select(['id', 'patient_id']).execute()).map((s) => [s.id, s.patient_id]),
    )
    const parts = new Map<string, Set<string>>()
    for (const [scan, part] of Object.entries(now))
      parts.set(patientOf.get(scan)!, (parts.get(patientOf.get(scan)!) ?? new Set()).add(part))
    expect([...parts.values()].every(({ size }) => size === 1)).toBe(true)
    expect(Object.keys(now)).toHaveLength(27)
    const { pairs } = await program.get<Comparison>('theo', 'models.compare', { modelIds: [second.id, again.id] })
    expect(pairs[0]!.comparison!.scans).toBe(Object.values(old).filter((part) => part === 'test').length)
    expect(await program.get('theo', 'models.retrainProposal', { labelSetId: grown })).toBeNull()
  })
})

describe('a model taken out of use', () => {
  it('stays with its predictions, is recorded, and grades no more', async () => {
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
    const { verifyChain } = await import('../../../src/main/store/verify.ts')
    expect((await verifyChain(program.db)).broken).toBeNull()
    await expect(program.db.deleteFrom('model').where('id', '=', first.id).execute()).rejects.toThrow(/never/)
  })
})

describe('the card of a model', () => {
  interface Card {
    program: object
    reading: object
    weights: { sha256: string }
    labelSet: { labels: number; labelsDigest: string; votesDigest: string }
    split: { scans: Record<string, string> }
  }
  const cardOf = (modelId: string) => program.get<Card>('theo', 'models.card', { modelId })

  it('says what it learned from and how, and names nobody', async () => {
    const card = await cardOf(second.id)
    expect(card).toMatchObject({
      program: { version: 'test', commit: null },
      reading: { template: 'hrpqct-motion', readers: 3, readersPerScan: 3, blind: true, encryptedUntilSeal: true },
      labelSet: { name: 'First', rule: 'rounded-mean', votesDigest: second.votesDigest },
      scale: { rescanFrom: 4 },
      recipe: { seed: 1, network: 'scratch4' },
    })
    const scans = Object.entries(card.split.scans)
    expect(card.labelSet.labels).toBe(scans.length)
    const labels = await program.db
      .selectFrom('label')
      .innerJoin('scan', 'scan.id', 'label.scan_id')
      .innerJoin('label_set', 'label_set.id', 'label.label_set_id')
      .select(['scan.content_sha256 as content', 'label.grade as grade'])
      .where('label_set.name', '=', 'First')
      .execute()
    const lines = labels.filter(({ content }) => card.split.scans[content]).map((one) => `${one.content} ${one.grade}`)
    const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
    expect(card.labelSet.labelsDigest).toBe(digest(`${lines.sort().join('\n')}\n`))
    const weights = readFileSync(join(program.folders.models, second.sha256, 'weights.safetensors'))
    expect(card.weights.sha256).toBe(digest(weights))
    expect(JSON.stringify(card)).not.toMatch(/Dr |theo|P00\d\d/)
  })

  it('is enough to train it again: the same weights bit for bit, and another model where anything differs', async () => {
    const theo = await program.services.accounts.signIn({ name: 'theo', password })
    const again = await reproduce(program, theo, second, { retire: true })
    expect(again).toMatchObject({ same: true, differs: [], retired: true })
    // Told apart by its name, on its card, and out of use.
    const models = await program.get<Model[]>('theo', 'models.list', { studyId })
    const model = models.find(({ id }) => id === again.again)!
    expect(model.name).toMatch(new RegExp(`^${second.name} ↻ \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC$`))
    expect(models.filter(({ name }) => name === model.name)).toHaveLength(1)
    expect(model.retired).not.toBeNull()
    expect(await cardOf(again.again)).toMatchObject({ reproduces: { name: second.name, sha256: second.sha256 } })
    expect(again.weights.after).toBe((await cardOf(second.id)).weights.sha256)
    const [set] = await program.get<{ id: string; name: string }[]>('theo', 'labels.list', { studyId })
    expect(set!.name).toBe('First')
    const other = await train(set!.id, { network: 'scratch4', seed: 2 })
    expect((await cardOf(other.id)).weights.sha256).not.toBe(again.weights.before)
  })

  it('is refused where the labels that it names are not here', async () => {
    const theo = await program.services.accounts.signIn({ name: 'theo', password })
    const elsewhere = { ...second, studyId: randomUUID() }
    const { services } = program
    const none = { ...services, labels: { ...services.labels, list: () => Promise.resolve([]) } }
    await expect(reproduce({ services: none }, theo, elsewhere)).rejects.toMatchObject({
      code: 'labels-missing',
    })
  })
})

describe('an ensemble of the folds of a cross-validation', () => {
  it('is judged on every scan, each by the network that did not learn from it', async () => {
    const [set] = await program.get<{ id: string; labels: number }[]>('theo', 'labels.list', { studyId })
    const parts: Model[] = []
    for (const fold of [0, 1])
      parts.push(await train(set!.id, { epochs: 1, validationShare: 0.2, holdOut: { by: 'fold', folds: 2, fold } }))
    const modelIds = parts.map(({ id }) => id)
    const folds = await program.get<Model>('theo', 'models.combine', { studyId, name: 'Folds', modelIds, rule: 'mean' })
    const whole = (await evaluation(folds.id))!
    const each = await Promise.all(modelIds.map(async (id) => (await evaluation(id))!))
    expect(whole).toMatchObject({ part: 'folds', scans: set!.labels })
    const sum = each[0]!.confusion.map((row, i) => row.map((n, j) => n + each[1]!.confusion[i]![j]!))
    expect(whole.confusion).toEqual(sum)
    // The folds themselves have no test scan in common, and that is said.
    const { pairs, scans } = await program.get<Comparison>('theo', 'models.compare', { modelIds })
    expect({ scans, pair: pairs[0] }).toMatchObject({
      scans: 0,
      pair: { comparison: null, reason: expect.any(String) },
    })
  })
})
