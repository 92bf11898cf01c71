import { join } from 'node:path'
import type { SeriesPlan } from '../../../../preload/contract/series.ts'
import type { Recipe, Run } from '../../../../preload/contract/training.ts'
import { ConcordError, messageOf } from '../../../domain/error.ts'
import type { OuterFold } from '../../../domain/hold-out.ts'
import { isOf } from '../../../jobs/jobs.ts'
import type { Row } from '../../../store/schema.ts'
import type { Caller, ServiceBase } from '../../context.ts'
import type { Labels } from '../../settling/labels.ts'
import { forgetHolder } from '../holder.ts'
import type { Training } from '../index.ts'
import type { StoredFolds } from '../runs.ts'
import { nestedOf, planOf, recipeOf, stepOf, stepsOf, type Step } from './plan.ts'

/** The series that goes on here, and which of its runs. */
export interface ActiveSeries {
  id: string
  stopped: boolean
  runId: string | null
  ended: Promise<void>
}

/** Carries a series out, run by run; runs that are done from before are taken as they are. */
export function createSeriesWork(
  parts: ServiceBase & { labels: Labels; training: Training; folders: { runs: string } },
) {
  const { db, announce, workstation, labels, training } = parts
  let active: ActiveSeries | null = null

  /** Runs the step, or finds it done; resolves with its run. */
  async function carryOut(
    caller: Caller,
    row: Row<'training_series'>,
    step: Step,
    recipe: Recipe,
    placed?: Pick<StoredFolds, 'of' | 'purpose'>,
  ): Promise<Run> {
    const known = await db
      .selectFrom('training_series_run')
      .select('run_id')
      .where('series_id', '=', row.id)
      .where('step', '=', step.key)
      .executeTakeFirst()
    let run = known ? await training.run(caller, known.run_id) : null
    if (run?.state === 'done') return run
    const begin = { labelSetId: row.label_set_id, recipe }
    const as = { parts: placed, step: { seriesId: row.id, step: step.key } }
    run = await whenIdle(() => (run ? training.resume(caller, run.id) : training.start(caller, begin, as)))
    active!.runId = run.id
    announce.studyChanged(row.study_id)
    if (active!.stopped) await training.cancel(caller, run.id)
    await training.finished(run.id)
    active!.runId = null
    const ended = await training.run(caller, run.id)
    if (ended.error) throw new ConcordError(ended.error.code, ended.error.message)
    if (ended.state !== 'done') throw new ConcordError('cancelled', 'Cancelled.')
    return ended
  }

  /** The variant that is best inside the fold: the highest mean quadratic kappa of its inner validations. */
  async function choose(
    caller: Caller,
    row: Row<'training_series'>,
    plan: SeriesPlan,
    fold: number,
    { inner }: OuterFold,
  ): Promise<number> {
    const scores: number[] = []
    for (const [variant, recipe] of plan.variants.entries()) {
      const kappas: number[] = []
      for (const [number, { train, validation }] of inner.entries()) {
        const of = Object.fromEntries([
          ...train.map((id) => [id, 'train'] as const),
          ...validation.map((id) => [id, 'validation'] as const),
        ])
        const run = await carryOut(caller, row, stepOf(variant, fold, number), recipe, { of, purpose: 'choice' })
        kappas.push(run.validation?.quadraticKappa.estimate ?? 0)
      }
      scores.push(kappas.reduce((sum, kappa) => sum + kappa, 0) / kappas.length)
    }
    return scores.indexOf(Math.max(...scores))
  }

  async function work(caller: Caller, row: Row<'training_series'>): Promise<void> {
    const plan = planOf(row)
    const run = (step: Step): Promise<Run> => carryOut(caller, row, step, recipeOf(plan, step))
    if (plan.inner === 0) {
      for (const step of stepsOf(plan)) await run(step)
      return
    }
    const { labels: rows } = await labels.rows(caller, row.label_set_id)
    for (const [fold, within] of nestedOf(rows, plan).entries())
      await run(stepOf(await choose(caller, row, plan, fold, within), fold))
  }

  return {
    now: (): ActiveSeries | null => active,

    launch(caller: Caller, row: Row<'training_series'>): void {
      const set = (change: Partial<Row<'training_series'>>): Promise<unknown> =>
        db.updateTable('training_series').set(change).where('id', '=', row.id).where(isOf(workstation)).execute()
      const ended = (async () => {
        try {
          await work(caller, row)
          await set({ state: 'done', error: null })
        } catch (error) {
          const stopped = active!.stopped || (error instanceof ConcordError && error.code === 'cancelled')
          const code = error instanceof ConcordError ? error.code : 'unexpected'
          const failure = JSON.stringify({ code, message: messageOf(error) })
          await set(stopped ? { state: 'cancelled', error: null } : { state: 'failed', error: failure }).catch(
            () => undefined,
          )
        } finally {
          await forgetHolder(join(parts.folders.runs, row.id))
          active = null
          announce.studyChanged(row.study_id)
        }
      })()
      active = { id: row.id, stopped: false, runId: null, ended }
    },
  }
}

/** A run that somebody started between two of the series is waited for. */
async function whenIdle(start: () => Promise<Run>): Promise<Run> {
  for (;;) {
    try {
      return await start()
    } catch (error) {
      if (!(error instanceof ConcordError) || error.code !== 'run-in-progress') throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
