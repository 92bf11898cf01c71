import { join } from 'node:path'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import type { Prediction } from '../../src/preload/contract/models.ts'
import type { Recipe, Run } from '../../src/preload/contract/training.ts'
import { save } from './lead.ts'
import type { Window } from './window.ts'

export interface Trained {
  run: Run
  predictions: Prediction[]
  /** Delay of the main process's event loop while the network was trained, ms. */
  loop: { p99: number; max: number }
}

/** The trainer starts a run, watches its curves, lets the model grade the scans that nobody graded, and exports. */
export async function trainAndGrade(
  window: Window,
  out: string,
  recipe: Recipe,
  tell: (line: string) => void,
): Promise<Trained> {
  const { page } = window
  await window.signIn('theo')
  await window.at('study-open').first().click()
  await window.goTo('training')
  await window.at('training-start').waitFor()
  const fields = {
    'training-image-size': recipe.imageSize,
    'training-epochs': recipe.epochs,
    'training-batch': recipe.batch,
    'training-patience': recipe.patience,
    'training-seed': recipe.seed,
    'training-test-share': recipe.testShare,
  }
  for (const [name, value] of Object.entries(fields)) await window.fill(name, String(value))
  await window.shot('training')
  await loopDelay(window, true)
  await window.click('training-start')
  await window.at('run-detail').waitFor()
  let shown = 0
  for (;;) {
    const state = await window.at('run-detail').getAttribute('data-state')
    if (state !== 'running') break
    const line = (
      await window
        .at('run-progress')
        .textContent({ timeout: 2000 })
        .catch(() => null)
    )?.trim()
    if (line && ++shown % 5 === 0) tell(line)
    if (shown === 15) await window.shot('run-live')
    await page.waitForTimeout(1000)
  }
  const loop = await loopDelay(window, false)
  await window.shot('run-done')
  const run = await lastRun(window)
  if (run.error) throw new Error(`training failed: ${run.error.message}`)
  await window.goTo('models')
  await window.at('model-card').waitFor()
  await window.shot('model')
  await window.click('model-predict-unread')
  await page.waitForFunction(
    () => !document.querySelector('[data-test="job"][data-kind="inference"][data-state="running"]'),
  )
  const predictions = await waitForPredictions(window, run.modelId!)
  await window.goTo('predictions')
  await window.at('prediction-row').first().click()
  await window.shot('predictions')
  await save(window, 'predictions-export', join(out, 'predictions.csv'))
  await window.goTo('labels')
  await save(window, 'labels-export', join(out, 'labels.csv'))
  await window.goTo('about')
  await window.shot('about')
  await window.signOut()
  return { run, predictions, loop }
}

function loopDelay(window: Window, reset: boolean): Promise<{ p99: number; max: number }> {
  return window.page.evaluate(async (again) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const delay = await concord.program.loopDelay({ reset: again })
    if (!delay.ok) throw new Error(delay.error.message)
    return delay.value
  }, reset)
}

function lastRun(window: Window): Promise<Run> {
  return window.page.evaluate(async () => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const studies = await concord.studies.list({})
    if (!studies.ok) throw new Error(studies.error.message)
    const runs = await concord.training.runs({ studyId: studies.value[0]!.id })
    if (!runs.ok) throw new Error(runs.error.message)
    return runs.value[0]!
  })
}

async function waitForPredictions(window: Window, modelId: string): Promise<Prediction[]> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const found = await window.page.evaluate(async (id) => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const reply = await concord.models.predictions({ modelId: id })
      return reply.ok ? reply.value : []
    }, modelId)
    if (found.length > 0) return found
    await window.page.waitForTimeout(500)
  }
  throw new Error('the model graded nothing within five minutes')
}
