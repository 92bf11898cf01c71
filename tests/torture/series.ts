import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LabelSet } from '../../src/preload/contract/labels.ts'
import type { Series, SeriesPlan } from '../../src/preload/contract/series.ts'
import { defaultRecipe, type Recipe } from '../../src/preload/contract/training.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { createStudyWith, password, readAll, startProgram, type Program } from '../fixtures/program.ts'

const recipe: Recipe = {
  ...defaultRecipe,
  ...{ imageSize: 32, epochs: 2, batch: 8, patience: 0, validationShare: 0.25, testShare: 0.25 },
}
const variants = [
  { ...recipe, learningRate: 1e-6 },
  { ...recipe, learningRate: 0.003 },
]
/** Every kind of series, small. */
export const killedPlans: Record<'cross-validation' | 'ablation' | 'nested', SeriesPlan> = {
  'cross-validation': { variants: [recipe], folds: 3, inner: 0 },
  ablation: { variants, folds: 0, inner: 0 },
  nested: { variants, folds: 2, inner: 2 },
}

/** A sealed study with a label set, in a data folder that is copied for each series. */
export interface Prepared {
  root: string
  studyId: string
  labelSetId: string
}

export async function prepareSeries(root: string): Promise<Prepared> {
  const program = await startProgram(join(root, 'data'))
  const folder = join(root, 'made')
  await writeDiscs(folder, 12, [32, 32, 8])
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  for (const reader of ['r1', 'r2', 'r3'])
    await readAll(program, reader, studyId, (pseudonym) => (pseudonym.endsWith('1') ? 2 : 4))
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  const set = await program.get<LabelSet>('lead', 'labels.freeze', { studyId, name: 'All', rule: 'majority' })
  await program.person('theo', 'trainer')
  await program.close()
  return { root, studyId, labelSetId: set.id }
}

/**
 * Runs a series in one sitting, and again in three whose first two end with SIGKILL: in the first run, after its first epoch, and
 * in a later one.
 * @returns What is other than it was without the kills: nothing where all is well.
 */
export async function killSeries({ root, studyId, labelSetId }: Prepared, plan: SeriesPlan): Promise<string[]> {
  const [undisturbed, killed] = [join(root, 'undisturbed'), join(root, 'killed')]
  for (const data of [undisturbed, killed]) {
    rmSync(data, { recursive: true, force: true })
    cpSync(join(root, 'data'), data, { recursive: true })
  }
  const seriesOf = async (program: Program): Promise<Series> => {
    await program.get('theo', 'accounts.signIn', { name: 'theo', password })
    return (await program.get<Series[]>('theo', 'series.list', { studyId }))[0]!
  }
  const problems: string[] = []
  const same = (what: string, found: unknown, expected: unknown): void => {
    if (!isDeepStrictEqual(found, expected))
      problems.push(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`)
  }

  const whole = await startProgram(undisturbed)
  await whole.get('theo', 'accounts.signIn', { name: 'theo', password })
  await whole.get('theo', 'series.start', { labelSetId, plan })
  await whole.services.series.finished()
  const expected = await seriesOf(whole)
  const models = await whole.db.selectFrom('model').select('run_id').execute()
  await whole.close()
  same('state without a kill', expected.state, 'done')

  const start = { channel: 'series.start', payload: { labelSetId, plan } }
  await killWhen(killed, start, ({ epochs = 0 }) => epochs > 0)
  let program = await startProgram(killed)
  const { id, state } = await seriesOf(program)
  same('state after the kill', state, 'interrupted')
  await program.close()
  const resume = { channel: 'series.resume', payload: { seriesId: id } }
  await killWhen(killed, resume, ({ done = 0, runs = 0 }) => done > 0 && runs > done)

  program = await startProgram(killed)
  try {
    await program.get('theo', 'accounts.signIn', { name: 'theo', password })
    await program.get('theo', 'series.resume', { seriesId: id })
    await program.services.series.finished()
    const series = await seriesOf(program)
    same('state', [series.state, series.done, series.error], ['done', expected.total, null])
    same('figures', outcome(series), outcome(expected))
    // Every run belongs to the series and was done once, each leaves as many models as it should, and nothing half-made is kept.
    const runs = await program.db.selectFrom('training_run').select(['id', 'state']).execute()
    same(
      'runs',
      runs.map((run) => run.state),
      Array<string>(expected.total).fill('done'),
    )
    const links = await program.db.selectFrom('training_series_run').select('run_id').execute()
    same('runs of the series', links.map((link) => link.run_id).sort(), runs.map((run) => run.id).sort())
    const kept = await program.db.selectFrom('model').select(['run_id', 'sha256']).execute()
    same('models', [kept.length, new Set(kept.map(({ run_id }) => run_id)).size], [models.length, models.length])
    same('model folders', readdirSync(program.folders.models).sort(), kept.map(({ sha256 }) => sha256).sort())
    const left = runs.filter((run) => existsSync(join(program.folders.runs, run.id, 'slices.f32')))
    same('prepared slices left', left, [])
  } finally {
    await program.close()
  }
  return problems
}

/** What a series came to, without its identifiers and times. */
const outcome = ({ rows }: Series) =>
  rows.map(({ network, figures, kappas, chosen, runIds }) => ({
    ...{ network, figures, kappas, chosen, runs: runIds.length },
  }))

interface Said {
  runs?: number
  done?: number
  epochs?: number
}

/** Lets a program work on the data folder until `enough`, then kills it with SIGKILL. */
async function killWhen(data: string, ask: object, enough: (said: Said) => boolean): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'series-child.ts'), data], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const gone = new Promise((resolve) => child.on('exit', resolve))
  child.stdin.write(`${JSON.stringify(ask)}\n`)
  let reached = false
  for await (const line of createInterface({ input: child.stdout })) {
    reached = line.startsWith('{') && enough(JSON.parse(line) as Said)
    if (reached) break
  }
  child.kill('SIGKILL')
  await gone
  if (!reached) throw new Error('the program ended before it could be killed')
}
