import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../../domain/csv.ts'
import { runBatch } from './run.ts'
import type { BatchControl, BatchRequest, TrainingResult } from './run.ts'
import { batchFigures, batchMarkdown } from './tables.ts'
import type { BatchFigures } from './tables.ts'

export { fullSettings, reducedSettings, trainingsOf } from './plan.ts'
export type { BatchProgress } from './run.ts'

/**
 * The 2021 paper's experiments E1 to E7, both protocols, and their tables in `folder`: `tables.md`, `figures.csv`,
 * `gaps.csv`, a result a training in `results/`.
 * @throws ConcordError as run.ts says.
 */
export async function osteoporosisBatch(
  folder: string,
  { tie, ...request }: BatchRequest & { tie: 0 | 1 },
  control: BatchControl,
): Promise<{ results: TrainingResult[]; figures: BatchFigures }> {
  await mkdir(folder, { recursive: true })
  const results = await runBatch(folder, request, control)
  const figures = batchFigures(results, request.settings, tie, request.seed)
  const columns = (rows: readonly object[]): string =>
    rows.length === 0
      ? ''
      : csvText(
          Object.keys(rows[0]!),
          rows.map((row) => Object.values(row) as (string | number | null)[]),
        )
  await writeFile(join(folder, 'figures.csv'), columns(figures.rows))
  const gaps = figures.gaps.map(({ ci, ...gap }) => ({ ...gap, ciLow: ci?.[0] ?? null, ciHigh: ci?.[1] ?? null }))
  await writeFile(join(folder, 'gaps.csv'), columns(gaps))
  await writeFile(
    join(folder, 'tables.md'),
    `# Osteoporosis in heel radiographs: six networks that vote\n\n${batchMarkdown(figures, request.settings, tie)}`,
  )
  return { results, figures }
}
