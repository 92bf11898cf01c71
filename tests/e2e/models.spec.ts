import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model } from '../../src/preload/contract/models.ts'
import { defaultRecipe, type Recipe, type Run } from '../../src/preload/contract/training.ts'
import { createStudyWith, readAll, startProgram, type Program } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { warmModel } from '../fixtures/warm-model.ts'
import { dress, eyeOn } from './looks.ts'
import { expect, test as base, visit, type Window } from './window.ts'

interface Prepared {
  folder: string
  studyId: string
  models: string[]
  /** A label set that no run has used. */
  newest: string
  /** The first model as another workstation would have sent it, with a temperature. */
  warm: string
}

async function train(program: Program, labelSetId: string, recipe: Recipe, basedOn?: string): Promise<Run> {
  const request = { labelSetId, recipe, ...(basedOn === undefined ? {} : { basedOn }) }
  const { id } = await program.get<Run>('theo', 'training.start', request)
  await program.services.training.finished(id)
  return program.get<Run>('theo', 'training.run', { runId: id })
}

/** A sealed study of thirty scans with votes that differ, two networks on one split, and one of them trained again. */
async function finishedStudy(program: Program, made: string): Promise<Omit<Prepared, 'folder'>> {
  await writeDiscs(join(made, 'reading'), 30, [48, 48, 8])
  await writeDiscs(join(made, 'unread'), 6, [48, 48, 9])
  const { studyId } = await createStudyWith(program, [
    { folder: join(made, 'reading'), purpose: 'reading' },
    { folder: join(made, 'unread'), purpose: 'unread' },
  ])
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, studyId, (pseudonym) => {
      const [patient, scan] = pseudonym.slice(1).split('-').map(Number)
      const grade = 1 + Math.floor(((2 * patient! + scan!) % 30) / 6)
      return (patient! + index) % 4 === 0 ? Math.min(5, grade + 1) : grade
    })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.person('theo', 'trainer', 'lead')
  const freeze = (name: string) =>
    program.get<{ id: string }>('lead', 'labels.freeze', { studyId, name, rule: 'rounded-mean' })
  const recipe = { ...defaultRecipe, imageSize: 48, epochs: 2, testShare: 0.35 }
  const first = await freeze('Rounded mean')
  const walle = await train(program, first.id, recipe)
  const scratch = await train(program, first.id, { ...recipe, network: 'scratch4' })
  const grown = await freeze('Rounded mean, autumn')
  const again = await train(program, grown.id, { ...recipe, network: 'scratch4', seed: 2 }, scratch.id)
  const newest = await freeze('Rounded mean, winter')
  const theo = await program.services.accounts.signIn({ name: 'theo', password: 'correct horse battery' })
  for (const run of [walle, again]) {
    const { ended } = await program.services.models.predict(theo, { modelId: run.modelId!, scope: 'all' })
    await ended
  }
  const list = await program.get<Model[]>('theo', 'models.list', { studyId })
  const warm = await warmModel(
    program,
    list.find(({ id }) => id === walle.modelId)!,
    0.25,
  )
  const { ended } = await program.services.models.predict(theo, { modelId: warm.id, scope: 'all' })
  await ended
  return { studyId, newest: newest.id, warm: warm.id, models: [walle, scratch, again].map(({ modelId }) => modelId!) }
}

const test = base.extend<{ study: Prepared }, { prepared: Prepared }>({
  prepared: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'concord-models-'))
      const made = mkdtempSync(join(tmpdir(), 'concord-models-made-'))
      const program = await startProgram(folder)
      const study = await finishedStudy(program, made)
      await program.close()
      await use({ folder, ...study })
      for (const one of [folder, made]) rmSync(one, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  study: async ({ prepared, data }, use) => {
    cpSync(prepared.folder, data, { recursive: true })
    await use(prepared)
  },
})

/** What the system's own dialogs would answer. */
async function answer(window: Window, path: string): Promise<void> {
  await window.app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, path)
}

for (const { language, theme } of [
  { language: 'en', theme: 'dark' },
  { language: 'de', theme: 'light' },
] as const)
  test(`models are judged, compared and shown, ${language}, ${theme}`, async ({ study, open }, info) => {
    const { studyId, models, newest, warm } = study
    const window = await open()
    await dress(window, language, theme)
    const eye = eyeOn(window, info.outputPath('pictures'))
    await window.signIn('theo')

    await visit(window, `/studies/${studyId}/runs`)
    await expect(window.at('runs-table-row')).toHaveCount(3)
    await window.page.locator('canvas').first().waitFor()
    await eye.look('runs')
    await visit(window, `/studies/${studyId}/models/${models[2]}`)
    await window.at('evaluation-figures').waitFor()
    await expect(window.at('against-previous')).toContainText(/McNemar|richtig|right/)
    await eye.look('model')
    await window.at('evaluation-calibration').scrollIntoViewIfNeeded()
    await eye.look('model-charts', { axe: false })
    await visit(window, `/studies/${studyId}/models/${warm}`)
    // Before and after its temperature: two figures in the title, two curves.
    await expect(window.at('evaluation-calibration').locator('h2')).toContainText(/\d+[.,]\d.*\d+[.,]\d/)
    await expect(window.at('evaluation-calibration')).toContainText(/0[.,]25/)
    await window.at('evaluation-calibration').scrollIntoViewIfNeeded()
    await eye.look('model-scaled', { axe: false })
    await visit(window, `/studies/${studyId}/models/${models[2]}`)
    await window.at('evaluation-figures').waitFor()
    await window.at('model-export').scrollIntoViewIfNeeded()
    await window.click('model-retire-start')
    await eye.look('model-foot')
    for (const row of [1, 2, 3]) await window.at('model-row-tick').nth(row).check()
    await eye.look('models-ticked', { axe: false })
    await window.click('models-compare')
    await window.at('compare-figures').waitFor()
    await eye.look('compare')
    await window.at('compare-recipes').scrollIntoViewIfNeeded()
    await eye.look('compare-foot', { axe: false })

    // Labels that came since: the last recipe is proposed, with the same test patients.
    await visit(window, `/studies/${studyId}/training?labelSet=${newest}`)
    await window.click('retrain-use')
    await expect(window.at('retrain')).toHaveAttribute('data-used', 'true')
    await expect(window.at('retrain')).toContainText(language === 'de' ? 'Vier Faltungen' : 'Four convolutions')
    await eye.look('retrain', { axe: false })

    await visit(window, `/studies/${studyId}/predictions/${models[2]}`)
    await window.at('prediction-row').first().click()
    await window.click('prediction-show')
    await window.page.locator('[data-drawn="true"]').waitFor()
    await window.click('heat-show')
    await window.at('heat-canvas').waitFor()
    // Something is painted: a map in which no pixel is warm would have no colour.
    const painted = await window.at('heat-canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement
      return canvas
        .getContext('2d')!
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((v) => v > 0)
    })
    expect(painted).toBe(true)
    await window.at('heat-picture').scrollIntoViewIfNeeded()
    await eye.look('heat')
    await window.page.evaluate(() => scrollTo(0, 0))
    await window.click('send-back-start')
    await eye.look('send-back')
    expect(eye.problems).toEqual([])
  })

test('a model goes out as a file and comes back from it; a damaged file is refused in words', async ({
  study,
  data,
  open,
}) => {
  const { studyId, models } = study
  const window = await open()
  await window.signIn('theo')
  await visit(window, `/studies/${studyId}/models/${models[0]}`)
  const file = join(data, 'out.concord-model')
  await answer(window, file)
  await window.click('model-export')
  await expect(window.at('model-export-saved')).toContainText('out.concord-model')
  // The same model again is known; a file cut off is none.
  await window.click('model-import')
  await expect(window.at('failure').first()).toHaveAttribute('data-code', 'model-known')
  writeFileSync(file, readFileSync(file).subarray(0, 4000))
  await window.click('model-import')
  await expect(window.at('failure').first()).toHaveAttribute('data-code', 'model-file-truncated')
  const folder = join(data, 'tfjs')
  await answer(window, folder)
  await window.click('model-export-tfjs')
  await expect(window.at('model-export-tfjs-saved')).toBeVisible()
  expect(existsSync(join(folder, 'model.json'))).toBe(true)

  // Two networks as one model, which is taken out of use then.
  for (const row of [2, 3]) await window.at('model-row-tick').nth(row).check()
  await window.fill('combine-name', 'Both')
  await window.click('combine-do')
  await expect(window.at('model-card')).toContainText('Both')
  await window.click('model-retire-start')
  await window.fill('model-retire-reason', 'A trial')
  await window.at('model-retire-understood').check()
  await window.click('model-retire-confirm')
  await expect(window.at('model-retired')).toContainText('A trial')
  await expect(window.at('model-predict-all')).toHaveCount(0)
})
