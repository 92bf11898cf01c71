import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import type { EpochFigures, Run } from '../../src/preload/contract/training.ts'
import { createStudyWith, readAll, startProgram } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { expect, test, type Window } from './window.ts'

/** Long enough that a run can be killed in its middle, on a fast machine too. */
const epochsAsked = 48
/** More than any machine makes while a page is looked at, however slowly that goes: its pictures are larger. */
const unending = { epochs: 1000, size: 256 }

/** A sealed study of twelve scans with a frozen label set, and a trainer. */
async function sealedStudy(data: string): Promise<string> {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  await writeDiscs(folder, 12)
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  // The two scans of one patient get the two sides of the cut.
  for (const reader of ['r1', 'r2', 'r3'])
    await readAll(program, reader, studyId, (pseudonym) => (pseudonym.endsWith('1') ? 2 : 4))
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'labels.freeze', { studyId, name: 'Majority', rule: 'majority' })
  await program.person('theo', 'trainer')
  await program.close()
  return studyId
}

/** Starts a run through the page's form; the run's own page opens then. */
async function startRun(window: Window, { epochs, size } = { epochs: epochsAsked, size: 128 }): Promise<void> {
  await window.signIn('theo')
  await window.at('study-open').first().click()
  await window.goTo('training')
  await window.at('training-start').waitFor()
  const fields = { 'image-size': size, epochs, batch: 4, patience: 1000, seed: 3, 'test-share': 0 }
  for (const [name, value] of Object.entries(fields)) await window.fill(`training-${name}`, String(value))
  await window.click('training-start')
}

/** What of runs is on the disk: not asked of the page, which a slow machine keeps behind. */
function onDisk(data: string): { run_id: string; epoch: number; loss: number }[] {
  const database = new Sqlite(join(data, 'concord.db'), { readonly: true })
  try {
    return database.prepare('select run_id, epoch, loss from epoch order by epoch').all() as ReturnType<typeof onDisk>
  } finally {
    database.close()
  }
}

/** The study's one run, asked over the bridge. */
function runOf(window: Window, studyId: string): Promise<Run> {
  return window.page.evaluate(async (id) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const runs = await concord.training.runs({ studyId: id })
    if (!runs.ok) throw new Error(runs.error.message)
    if (runs.value.length !== 1) throw new Error(`${runs.value.length} runs`)
    return runs.value[0]!
  }, studyId)
}

const state = (window: Window, wanted: string) => expect(window.at('run-detail')).toHaveAttribute('data-state', wanted)

const epochsDone = async (window: Window, studyId: string, count: number): Promise<EpochFigures[]> => {
  await expect
    .poll(async () => (await runOf(window, studyId)).epochs.length, { intervals: [50] })
    .toBeGreaterThanOrEqual(count)
  return (await runOf(window, studyId)).epochs
}

const inOrder = (epochs: EpochFigures[]): boolean => epochs.every((one, index) => one.epoch === index + 1)

test('a run is cancelled and resumed from its last epoch; the window answers meanwhile', async ({ data, open }) => {
  const studyId = await sealedStudy(data)
  const window = await open()
  await startRun(window, unending)
  await window.at('run-detail').waitFor()
  await epochsDone(window, studyId, 1)
  // Other pages work while the network is trained, and the bar at the foot goes on.
  await window.goTo('labels')
  await window.at('label-set').waitFor()
  await expect(window.page.locator('[data-test="job"][data-kind="training"]')).toBeVisible()
  const second = await window.page.evaluate(async (id) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const runs = await concord.training.runs({ studyId: id })
    if (!runs.ok) return 'no runs'
    const { labelSetId, recipe } = runs.value[0]!
    const again = await concord.training.start({ labelSetId, recipe })
    return again.ok ? 'started' : again.error.code
  }, studyId)
  expect(second).toBe('run-in-progress')
  expect((await runOf(window, studyId)).state).toBe('running')

  await window.goTo('runs')
  await window.at('run-row').first().click()
  await window.click('run-cancel')
  await state(window, 'cancelled')
  const before = (await runOf(window, studyId)).epochs
  expect(before.length).toBeGreaterThan(0)
  expect(before.length).toBeLessThan(unending.epochs)
  expect(inOrder(before)).toBe(true)

  await window.click('run-resume')
  await state(window, 'running')
  const epochs = await epochsDone(window, studyId, before.length + 2)
  expect(inOrder(epochs)).toBe(true)
  // What was trained before the cancel was not trained again.
  expect(epochs.slice(0, before.length)).toEqual(before)
  expect(epochs.every(({ loss }) => Number.isFinite(loss))).toBe(true)
  await window.click('run-cancel')
  await state(window, 'cancelled')
})

test('after a kill in the middle of training the run is there, and goes on from its checkpoint', async ({
  data,
  open,
}) => {
  const studyId = await sealedStudy(data)
  const first = await open()
  await startRun(first)
  await expect.poll(() => onDisk(data).length, { intervals: [20] }).toBeGreaterThanOrEqual(2)
  const seen = onDisk(data)
  const { run_id: id } = seen[0]!
  const ended = new Promise((end) => first.app.process().once('exit', end))
  process.kill(first.app.process().pid!, 'SIGKILL')
  await ended
  expect(readdirSync(join(data, 'runs', id)).length).toBeGreaterThan(0)

  const second = await open()
  await second.signIn('theo')
  await second.at('study-open').first().click()
  await second.goTo('runs')
  await expect(second.at('run-row').first()).toHaveAttribute('data-state', 'interrupted')
  await second.at('run-row').first().click()
  await state(second, 'interrupted')
  await expect(second.at('run-state').first()).toContainText(/interrupted/i)
  const before = (await runOf(second, studyId)).epochs
  const kept = ({ epoch, loss }: { epoch: number; loss: number }) => ({ epoch, loss })
  expect(before.slice(0, seen.length).map(kept)).toEqual(seen.map(kept))
  await expect(second.page.locator('[data-test="job"]')).toHaveCount(0)

  await second.click('run-resume')
  await state(second, 'done')
  const { epochs, modelId, bestEpoch } = await runOf(second, studyId)
  expect(epochs).toHaveLength(epochsAsked)
  expect(inOrder(epochs)).toBe(true)
  expect(epochs.slice(0, seen.length)).toEqual(before.slice(0, seen.length))
  expect(modelId).not.toBeNull()
  expect(bestEpoch).not.toBeNull()
  expect(existsSync(join(data, 'runs', id))).toBe(true)
  await second.click('run-model')
  await second.at('model-card').waitFor()
})
