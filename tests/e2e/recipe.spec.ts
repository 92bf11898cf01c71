import { join } from 'node:path'
import { createStudyWith, readAll, startProgram } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { dress, eyeOn } from './looks.ts'
import { expect, test, visit, type Window } from './window.ts'

/** A sealed study of twelve scans of two sites with a frozen label set, and a trainer. */
async function sealedStudy(data: string): Promise<string> {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  await writeDiscs(folder, 12, [48, 48, 8])
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  for (const reader of ['r1', 'r2', 'r3'])
    await readAll(program, reader, studyId, (pseudonym) => (pseudonym.endsWith('1') ? 2 : 4))
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'labels.freeze', { studyId, name: 'Majority', rule: 'majority' })
  await program.person('theo', 'trainer')
  await program.close()
  return studyId
}

const value = (window: Window, name: string): Promise<string> => window.at(name).locator('input').inputValue()
const pick = (window: Window, name: string, option: string): Promise<unknown> => window.at(name).selectOption(option)

test('a paper’s recipe comes first, the rest is folded; runs pause, and several are one start', async ({
  data,
  open,
}, info) => {
  const studyId = await sealedStudy(data)
  const window = await open()
  const eye = eyeOn(window, info.outputPath('pictures'))
  await window.signIn('theo')
  await window.at('study-open').first().click()
  await window.goTo('training')
  await window.at('training-start').waitFor()

  // Presets set network, picture and recipe; the network proposes its own picture.
  await expect(window.at('training-preset-walle2023')).toBeChecked()
  expect(await value(window, 'training-image-size')).toBe('512')
  await window.at('training-preset-paper2021').check()
  expect(await value(window, 'training-image-size')).toBe('224')
  expect(await value(window, 'training-batch')).toBe('5')
  await pick(window, 'training-network', 'alexnet')
  expect(await value(window, 'training-image-size')).toBe('227')
  await expect(window.at('training-preset-paper2021')).not.toBeChecked()
  await window.at('training-preset-thesis2023').check()
  await expect(window.at('training-part-batch-norm')).toBeChecked()
  await expect(window.at('training-memory')).toContainText(/\d\.\d GB/)

  // More is folded until it is asked for.
  await expect(window.at('training-loss')).toBeHidden()
  await window.at('training-more').locator('summary').click()
  await pick(window, 'training-loss', 'focal')
  await expect(window.at('training-focal-gamma')).toBeVisible()
  await pick(window, 'training-hold-out', 'date')
  await expect(window.at('training-from')).toBeVisible()
  for (const [language, theme] of [
    ['en', 'dark'],
    ['de', 'light'],
  ] as const) {
    await dress(window, language, theme)
    await visit(window, `/studies/${studyId}/training`)
    await window.at('training-start').waitFor()
    await eye.look(`recipe-${language}`)
    await window.at('training-preset-thesis2023').check()
    await window.at('training-more').locator('summary').click()
    await pick(window, 'training-hold-out', 'site')
    await pick(window, 'training-several', 'nested')
    await eye.look(`recipe-more-${language}`)
  }
  await dress(window, 'en', 'dark')

  // Far too large: said before the start, and refused.
  await visit(window, `/studies/${studyId}/training`)
  await window.at('training-start').waitFor()
  await pick(window, 'training-network', 'resnet50')
  await window.fill('training-image-size', '1024')
  await window.fill('training-batch', '64')
  await window.click('training-start')
  await expect(window.at('failure')).toHaveAttribute('data-code', 'not-enough-memory')

  // One run, paused and gone on with.
  await window.at('training-preset-walle2023').check()
  const fields = { 'image-size': 256, epochs: 1000, batch: 4, patience: 0, 'test-share': 0 }
  for (const [name, number] of Object.entries(fields)) await window.fill(`training-${name}`, String(number))
  await window.click('training-start')
  await window.at('run-detail').waitFor()
  await window.click('run-pause')
  await expect(window.at('run-detail')).toHaveAttribute('data-state', 'paused')
  await window.click('run-go-on')
  await expect(window.at('run-detail')).toHaveAttribute('data-state', 'running')
  await window.click('run-cancel')
  await expect(window.at('run-detail')).toHaveAttribute('data-state', 'cancelled')

  // A cross-validation: its table fills as the runs end.
  await window.goTo('training')
  await window.at('training-start').waitFor()
  const quick = { 'image-size': 32, epochs: 1, batch: 8, 'validation-share': 0.25 }
  for (const [name, number] of Object.entries(quick)) await window.fill(`training-${name}`, String(number))
  await pick(window, 'training-several', 'folds')
  await window.fill('training-folds', '3')
  await window.click('training-start')
  await expect(window.at('series')).toHaveAttribute('data-state', 'done')
  await expect(window.at('series-row')).toHaveCount(1)
  await expect(window.at('series-row')).toContainText('12')

  // Each fold chooses its learning rate on folds of its own: three rates on two inner folds, and the chosen one, twice.
  await window.goTo('training')
  await window.at('training-start').waitFor()
  for (const [name, number] of Object.entries(quick)) await window.fill(`training-${name}`, String(number))
  await pick(window, 'training-several', 'nested')
  await pick(window, 'training-choice', 'rates')
  for (const name of ['folds', 'inner']) await window.fill(`training-${name}`, '1')
  await expect(window.at('training-start')).toBeDisabled()
  for (const name of ['folds', 'inner']) await window.fill(`training-${name}`, '2')
  await expect(window.at('training-several').locator('../..')).toContainText('14')
  await window.click('training-start')
  await expect(window.at('series').first()).toHaveAttribute('data-state', 'done')
  await expect(window.at('series-chosen')).toContainText(/learning rate 0\.0/)
  for (const [language, theme] of [
    ['en', 'dark'],
    ['de', 'light'],
  ] as const) {
    await dress(window, language, theme)
    await visit(window, `/studies/${studyId}/runs`)
    await window.at('series').first().waitFor()
    await eye.look(`series-${language}`)
  }
  expect(eye.problems).toEqual([])
})
