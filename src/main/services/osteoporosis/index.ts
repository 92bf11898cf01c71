import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../../domain/csv.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { simulateHeelsInto } from '../simulated/simulation.ts'
import { trainingsOf } from './plan.ts'
import type { Settings } from './plan.ts'
import { beginSitting } from './sittings.ts'
import { runBatch } from './run.ts'
import type { BatchProgress, TrainingResult } from './run.ts'
import { batchFigures, batchMarkdown } from './tables.ts'
import type { BatchFigures } from './tables.ts'

export { fullSettings, reducedSettings, trainingsOf } from './plan.ts'
export type { Settings } from './plan.ts'
export { sittingsOf } from './sittings.ts'
export type { BatchFigures } from './tables.ts'

export interface ExperimentRequest {
  settings: Settings
  seed: number
  /** Age-matched pairs of heels; 87 as in the paper. */
  pairs: number
  /** A folder of simulated radiographs; null: they are made in `heels` of the experiment's folder. */
  studyFolder: string | null
  /** Folder with published weights; null starts every network anew. */
  weights: string | null
  /** What max-voting calls a picture of equally many votes: 1 osteoporotic, 0 control. */
  tie: 0 | 1
}

export type ExperimentProgress = { stage: 'heels'; done: number; total: number } | BatchProgress

export interface ExperimentControl {
  learner: Pick<LearnerHost, 'train' | 'memory'>
  signal?: AbortSignal
  onProgress?(progress: ExperimentProgress): void
  /** Threads that make radiographs. */
  workers?: number
}

export interface Experiment {
  results: TrainingResult[]
  figures: BatchFigures
}

/**
 * The 2021 paper's experiments E1 to E7, both protocols, and their tables in `folder`: `tables.md`, `figures.csv`, `gaps.csv`,
 * a result a training in `results/`, the time it took in `sittings.json`. What is there is not done again, whatever ended it.
 * @throws ConcordError as run.ts and simulation.ts say; `cancelled`.
 */
export async function osteoporosisExperiment(
  folder: string,
  { settings, seed, pairs, studyFolder, weights, tie }: ExperimentRequest,
  { learner, signal, onProgress, workers }: ExperimentControl,
): Promise<Experiment> {
  await mkdir(folder, { recursive: true })
  const sitting = await beginSitting(folder)
  let ended: 'done' | 'failed' = 'failed'
  try {
    const heels = studyFolder ?? join(folder, 'heels')
    if (studyFolder === null)
      await simulateHeelsInto(
        heels,
        { seed, pairs, readers: 3 },
        {
          ...(signal ? { signal } : {}),
          ...(workers === undefined ? {} : { workers }),
          onProgress: ({ done, total }) => onProgress?.({ stage: 'heels', done, total }),
        },
      )
    const results = await runBatch(
      folder,
      { settings, studyFolder: heels, seed, weights },
      { learner, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) },
    )
    const experiment = { results, figures: batchFigures(results, settings, tie, seed) }
    await writeTables(folder, experiment, settings, tie)
    ended = 'done'
    return experiment
  } finally {
    await sitting.end(signal?.aborted ? 'stopped' : ended)
  }
}

async function writeTables(folder: string, { figures }: Experiment, settings: Settings, tie: 0 | 1): Promise<void> {
  await writeFile(join(folder, 'figures.json'), JSON.stringify(figures))
  await writeFile(join(folder, 'figures.csv'), figuresCsv(figures))
  await writeFile(join(folder, 'gaps.csv'), gapsCsv(figures))
  await writeFile(
    join(folder, 'tables.md'),
    `# Osteoporosis in heel radiographs: six networks that vote\n\n${batchMarkdown(figures, settings, tie)}`,
  )
}

/** The figures of a folder's experiment: all of it, or where it is not done what there is, without intervals. */
export async function figuresSoFar(
  folder: string,
  { settings, tie, seed }: Pick<ExperimentRequest, 'settings' | 'tie' | 'seed'>,
): Promise<BatchFigures> {
  const text = await readFile(join(folder, 'figures.json'), 'utf8').catch(() => null)
  if (text !== null) return JSON.parse(text) as BatchFigures
  const known: TrainingResult[] = []
  for (const { id } of trainingsOf(settings)) {
    const result = await readFile(join(folder, 'results', `${id}.json`), 'utf8').catch(() => null)
    if (result !== null) known.push(JSON.parse(result) as TrainingResult)
  }
  return batchFigures(known, settings, tie, seed, 0)
}

export const figuresCsv = ({ rows }: BatchFigures): string => columns(rows)

export const gapsCsv = ({ gaps }: BatchFigures): string =>
  columns(gaps.map(({ ci, ...gap }) => ({ ...gap, ciLow: ci?.[0] ?? null, ciHigh: ci?.[1] ?? null })))

function columns(rows: readonly object[]): string {
  if (rows.length === 0) return ''
  return csvText(
    Object.keys(rows[0]!),
    rows.map((row) => Object.values(row) as (string | number | null)[]),
  )
}
