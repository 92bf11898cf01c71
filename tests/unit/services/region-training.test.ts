import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkClasses } from '../../../src/main/domain/hold-out.ts'
import { prepareScan } from '../../../src/main/learning/prepare.ts'
import { regionsDigest } from '../../../src/main/services/regions/rows.ts'
import type { StoredFolds } from '../../../src/main/services/training/runs.ts'
import { warningsOf } from '../../../src/main/services/training/warnings.ts'
import { plainDesign } from '../../../src/preload/contract/design.ts'
import type { LabelSet } from '../../../src/preload/contract/labels.ts'
import type { Heat, Model } from '../../../src/preload/contract/models.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { defaultRecipe, type Recipe, type Run } from '../../../src/preload/contract/training.ts'
import { castVote } from '../../fixtures/casting.ts'
import { target, writeDrawnHeels } from '../../fixtures/heels.ts'
import { importAll, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let lead: Session
let theo: Session
let studyId: string
let set: LabelSet
const made = mkdtempSync(join(tmpdir(), 'concord-heels-'))

const quick: Recipe = {
  ...defaultRecipe,
  ...{ imageSize: 32, epochs: 1, batch: 8, patience: 0, validationShare: 0.25, testShare: 0.25 },
}

/** Twelve heels read by two readers, each with squares of their own, 10 pixels apart; the last heel has none. */
beforeAll(async () => {
  program = await startProgram()
  lead = await program.person('lead', 'lead')
  theo = await program.person('theo', 'trainer')
  const readers = [await program.person('r1', 'reader'), await program.person('r2', 'reader')]
  ;({ id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Heels', template: 'calcaneus-osteoporosis', readersPerScan: 2 },
  }))
  const region = { ask: 'own', required: false, placers: [] }
  await program.get('lead', 'designs.set', { studyId, design: { ...plainDesign, region } })
  await writeDrawnHeels(join(made, 'read'), 12)
  await importAll(program, lead, studyId, [join(made, 'read')], 'reading')
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers.map((r) => r.accountId) })
  await program.get('lead', 'studies.open', { studyId })
  for (const [index, reader] of ['r1', 'r2'].entries()) {
    let desk = await program.get<Desk>(reader, 'reading.desk', { studyId })
    while (desk.current) {
      const { assignmentId, pseudonym } = desk.current
      const number = Number(pseudonym.slice(1, 5))
      const place = { x: 350 + 10 * index, y: 250, spacing: null, inverted: false }
      if (number < 12) await program.get(reader, 'regions.placeOwn', { assignmentId, place })
      desk = await castVote(program, reader, assignmentId, 1 + (number % 2))
    }
  }
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  set = await program.get<LabelSet>('lead', 'labels.freeze', { studyId, name: 'Majority', rule: 'majority' })
})
afterAll(async () => {
  await program.close()
  rmSync(made, { recursive: true, force: true })
})

const scans = () =>
  program.db.selectFrom('scan').select(['id', 'pseudonym', 'content_sha256', 'purpose']).orderBy('pseudonym').execute()
const ask = (recipe: Partial<Recipe> = {}) =>
  program.ask('theo', 'training.start', { labelSetId: set.id, recipe: { ...quick, ...recipe } })
async function trained(recipe: Partial<Recipe> = {}): Promise<{ model: Model; folds: StoredFolds }> {
  const run = await program.get<Run>('theo', 'training.start', { labelSetId: set.id, recipe: { ...quick, ...recipe } })
  await program.services.training.finished(run.id)
  const { modelId, error } = await program.get<Run>('theo', 'training.run', { runId: run.id })
  expect(error).toBeNull()
  const model = (await program.get<Model[]>('theo', 'models.list', { studyId })).find(({ id }) => id === modelId)!
  const row = await program.db.selectFrom('training_run').select('folds').where('id', '=', run.id).executeTakeFirst()
  return { model, folds: JSON.parse(row!.folds) as StoredFolds }
}

describe('a network in a study with regions', () => {
  it('is not trained while a labelled scan has none, and says how many', async () => {
    expect(await ask()).toMatchObject({
      error: { code: 'roi-missing', message: expect.stringMatching(/^1 of 12 scans have no region/) as string },
    })
    const { warnings } = await program.get<{ warnings: { code: string }[] }>('theo', 'training.check', {
      ...{ labelSetId: set.id, recipe: quick },
    })
    expect(warnings.map(({ code }) => code)).toEqual(['roi-missing'])
  })

  it('sees whole pictures where the recipe says so, and needs no region then', async () => {
    const recipe = { ...quick, region: 'whole' }
    const check = await program.get<{ warnings: object[] }>('theo', 'training.check', { labelSetId: set.id, recipe })
    expect(check.warnings).toEqual([])
  })

  it("learns from the mean of the readers' regions, the study's where they placed none; its card and its file say so", async () => {
    const last = (await scans()).at(-1)!
    const place = { x: 300, y: 240, spacing: null, inverted: true }
    await program.get('lead', 'regions.place', { studyId, scanId: last.id, place })
    const { model, folds } = await trained()
    const { of, from } = folds.regions!
    expect(from).toBe('readers')
    expect(of[last.id]).toEqual({ x: 300, y: 240, edge: 320, inverted: true })
    const others = Object.entries(of).filter(([id]) => id !== last.id)
    expect(others).toHaveLength(11)
    for (const [, region] of others) expect(region).toEqual({ x: 355, y: 250, edge: 320, inverted: false })
    expect(model.region).toMatchObject({ edgeMm: 16, edgePixels: 400, from: 'readers' })
    const card = await program.get<{ region: Record<string, unknown> }>('theo', 'models.card', { modelId: model.id })
    expect(card.region).toMatchObject({ from: 'readers', scans: 12, digest: model.region!.digest })
    expect(model.region!.digest).toMatch(/^[0-9a-f]{64}$/)

    // Moved by a pixel it is another input; in another order the same.
    const all = await scans()
    const digest = (change: number) =>
      regionsDigest(
        all
          .map(({ id, content_sha256 }) => ({ content: content_sha256, region: of[id]! }))
          .map((one) => (one.region.x === 300 ? { ...one, region: { ...one.region, x: 300 + change } } : one))
          .reverse(),
      )
    expect(digest(0)).toBe(model.region!.digest)
    expect(digest(1)).not.toBe(model.region!.digest)
  })

  it('needs a region to grade an unread scan, and shows where it looks within it', async () => {
    const models = await program.get<Model[]>('theo', 'models.list', { studyId })
    const model = models.find(({ region }) => region !== null)!
    await writeDrawnHeels(join(made, 'unread'), 13)
    await importAll(program, lead, studyId, [join(made, 'unread')], 'unread')
    const unread = (await scans()).filter(({ purpose }) => purpose === 'unread')
    expect(unread).toHaveLength(1)
    const predict = () => program.services.models.predict(theo, { modelId: model.id, scope: 'unread' })
    await expect(predict()).rejects.toMatchObject({ code: 'roi-missing' })
    const place = { x: 340, y: 230, spacing: null, inverted: false }
    await program.get('lead', 'regions.place', { studyId, scanId: unread[0]!.id, place })
    await (
      await predict()
    ).ended
    expect(await program.get('theo', 'models.predictions', { modelId: model.id })).toHaveLength(1)
    const heat = await program.get<Heat>('theo', 'models.heat', {
      ...{ modelId: model.id, scanId: unread[0]!.id, slice: 0, grade: null },
    })
    expect(heat.region).toEqual({ x: 340, y: 230, edge: 320 })
    expect(heat.width).toBe(heat.height)
  })

  it('is shown the resampled square and nothing of what lies around it', async () => {
    const [first] = await scans()
    const cachePath = program.services.scans.volumePath(first!.content_sha256)
    const how = { slices: 1, gaussian: 0, scaling: 'none' as const, imageSize: 400 }
    const region = { edgeMm: 16, edgePixels: 400, from: 'study' as const }
    const at = { ...target, inverted: false }
    const { pictures } = await prepareScan({ scanId: 'a', cachePath, region: at }, { ...how, region })
    // The square of 1000 and its patch of 3000; of the ground of 100 only what the rim's samples reach.
    expect(
      new Set([...pictures[0]!].filter((_, i) => i % 400 > 0 && i % 400 < 399 && i > 400 && i < 399 * 400)),
    ).toEqual(new Set([1000, 3000, ...[...pictures[0]!].filter((value) => value > 1000 && value < 3000)]))
    const turned = await prepareScan({ scanId: 'a', cachePath, region: { ...at, inverted: true } }, { ...how, region })
    expect(turned.pictures[0]).toEqual(pictures[0]!.map((value) => -value))
    await expect(prepareScan({ scanId: 'a', cachePath }, { ...how, region })).rejects.toMatchObject({
      code: 'roi-missing',
    })
  })

  it('has its regions written into the exported folder', async () => {
    const folder = join(program.folders.root, 'out')
    await program.services.exports.folderAt(lead, { studyId, named: false }, folder)
    const lines = readFileSync(join(folder, 'regions.csv'), 'utf8').trim().split('\n')
    expect(lines[0]).toBe(
      'subject,site,side,placed_by,revision,x,y,edge,edge_mm,rotation,spacing,spacing_from,inverted,placed_at',
    )
    // Eleven heels of two readers, the last read one and the unread one of the study.
    expect(lines).toHaveLength(1 + 22 + 2)
    expect(lines.filter((line) => line.split(',')[3] === 'study')).toHaveLength(2)
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(/## regions\.csv/)
  })
})

describe('87 against 3', () => {
  const rows = Array.from({ length: 90 }, (_, i) => ({ grade: i < 87 ? 1 : 2, patientId: `p${i}` }))
  const fold = (folds: number) => ({ ...quick, holdOut: { by: 'fold' as const, folds, fold: 0 } })

  it('is warned of before it is trained on', () => {
    expect(warningsOf(rows, quick)).toMatchObject([{ code: 'classes-imbalanced', grade: 2, least: 3, most: 87 }])
    expect(warningsOf(rows.slice(84), quick)).toEqual([])
  })

  it('is refused in more folds than there are patients of the rare class', () => {
    expect(warningsOf(rows, fold(3)).map(({ code }) => code)).toEqual(['classes-imbalanced'])
    expect(warningsOf(rows, fold(5)).map(({ code }) => code)).toEqual(['classes-imbalanced', 'grade-alone-in-part'])
    expect(() =>
      checkClasses(
        rows.map(({ grade, patientId }) => ({ id: patientId, patient: patientId, label: grade })),
        5,
      ),
    ).toThrow(expect.objectContaining({ code: 'split-class-too-few-patients' }))
  })
})
