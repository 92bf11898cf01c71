import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabelSet } from '../../src/preload/contract/labels.ts'
import type { Prediction } from '../../src/preload/contract/models.ts'
import type { Run } from '../../src/preload/contract/training.ts'
import { createStudyWith, readAll, startProgram } from '../fixtures/program.ts'
import { demoPlan, demoRecipe, rescanAccuracy } from '../main-job/plan.ts'
import { lookInDatabase, makeScans } from '../main-job/scans.ts'
import type { Line } from './line.ts'

const commoner = 'always the commoner decision'

const ratio = (f: { accuracy: number; majorityClassRate: number }): number => f.accuracy / f.majorityClassRate

/** The demo's network for three seeds of everything (scans, readers, split, weights): no seed is picked. */
export async function bench(line: Line): Promise<void> {
  const figures: { accuracy: number; majorityClassRate: number }[] = []
  for (const seed of [1, 2, 3]) {
    const figure = await oneSeed(seed)
    figures.push(figure)
    // One line a seed as it ends: each takes minutes, and a run cut short keeps what it has.
    line(`re-scan accuracy on unseen patients, seed ${seed}`, figure.accuracy, '', commoner, ratio(figure))
  }
  const accuracies = figures.map((f) => f.accuracy)
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const rate = mean(figures.map((f) => f.majorityClassRate))
  const summary = { mean: mean(accuracies), lowest: Math.min(...accuracies), highest: Math.max(...accuracies) }
  for (const [name, value] of Object.entries(summary))
    line(`re-scan accuracy on unseen patients, ${name} of 3 seeds`, value, '', commoner, value / rate)
}

async function oneSeed(seed: number): Promise<{ accuracy: number; majorityClassRate: number }> {
  const root = mkdtempSync(join(tmpdir(), 'concord-seed-'))
  const program = await startProgram(join(root, 'data'))
  try {
    const made = await makeScans(join(root, 'made'), { ...demoPlan, seed }, () => undefined)
    const { studyId, readers } = await createStudyWith(program, [
      { folder: made.readingFolder, purpose: 'reading' },
      { folder: made.unreadFolder, purpose: 'unread' },
    ])
    const { scans } = await lookInDatabase(program.folders.root, made)
    for (const [index, reader] of readers.entries())
      await readAll(program, reader.name, studyId, (pseudonym) => scans.get(pseudonym)!.grades![index]!)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    const set = await program.get<LabelSet>('lead', 'labels.freeze', { studyId, name: 'bench', rule: 'rounded-mean' })
    const trainer = await program.person('trainer', 'trainer')
    const started = await program.get<Run>('trainer', 'training.start', {
      labelSetId: set.id,
      recipe: { ...demoRecipe, seed },
    })
    await program.services.training.finished(started.id)
    const run = await program.get<Run>('trainer', 'training.run', { runId: started.id })
    if (run.error) throw new Error(run.error.message)
    const { ended } = await program.services.models.predict(trainer, { modelId: run.modelId!, scope: 'unread' })
    await ended
    const predictions = await program.get<Prediction[]>('trainer', 'models.predictions', { modelId: run.modelId })
    return rescanAccuracy(predictions.map((p) => ({ grade: p.grade, trueGrade: scans.get(p.pseudonym)!.trueGrade })))
  } finally {
    await program.close()
    rmSync(root, { recursive: true, force: true })
  }
}
