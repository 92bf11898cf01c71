import type { Series, SeriesPlan, SeriesRow } from '../../../preload/contract/series.ts'
import type { Recipe, Run } from '../../../preload/contract/training.ts'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { nestedFolds, type OuterFold } from '../../domain/hold-out.ts'
import { isOf } from '../../jobs/jobs.ts'
import { record } from '../../store/audit.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { seriesDigest } from '../../store/witness/digests.ts'
import { refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { domainScale } from '../votes/disputes.ts'
import { heldOutFigures } from './figures.ts'
import type { Labels } from '../settling/labels.ts'
import { storedRecipe } from './recipe.ts'
import type { StoredFolds } from './runs.ts'
import type { Training } from './index.ts'

export type SeriesService = ReturnType<typeof createSeries>

/** One run of a plan. `fold` is null where the recipe holds out by itself. */
interface Step {
  key: string
  variant: number
  fold: number | null
  inner: number | null
}

const stepOf = (variant: number, fold: number | null, inner: number | null = null): Step => ({
  key: [variant, fold ?? '-', ...(inner === null ? [] : [inner])].join('/'),
  ...{ variant, fold, inner },
})

/**
 * Series of training runs: cross-validation, networks or recipes held against one another, one model a site, and choices tuned
 * inside each fold. A series that was stopped goes on with the first run that is not done.
 */
export function createSeries({
  db,
  announce,
  workstation,
  labels,
  training,
}: ServiceBase & { labels: Labels; training: Training }) {
  let active: { id: string; stopped: boolean; runId: string | null; ended: Promise<void> } | null = null

  const rowOf = async (seriesId: string): Promise<Row<'training_series'>> => {
    const row = await db.selectFrom('training_series').selectAll().where('id', '=', seriesId).executeTakeFirst()
    if (!row) throw new ConcordError('series-unknown', 'There is no such series of runs.')
    return row
  }
  const planOf = (row: Row<'training_series'>): SeriesPlan => {
    const plan = JSON.parse(row.plan) as SeriesPlan
    return { ...plan, variants: plan.variants.map((variant) => storedRecipe(JSON.stringify(variant))) }
  }

  /** Runs the step, or finds it done; resolves with its run. */
  async function carryOut(
    caller: Caller,
    row: Row<'training_series'>,
    step: Step,
    recipe: Recipe,
    parts?: Pick<StoredFolds, 'of' | 'purpose'>,
  ): Promise<Run> {
    const known = await db
      .selectFrom('training_series_run')
      .select('run_id')
      .where('series_id', '=', row.id)
      .where('step', '=', step.key)
      .executeTakeFirst()
    let run = known ? await training.run(caller, known.run_id) : null
    if (run?.state === 'done') return run
    run = await whenIdle(() =>
      run
        ? training.resume(caller, run.id)
        : training.start(
            caller,
            { labelSetId: row.label_set_id, recipe },
            { parts, step: { seriesId: row.id, step: step.key } },
          ),
    )
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

  async function work(caller: Caller, row: Row<'training_series'>): Promise<void> {
    const plan = planOf(row)
    const { folds, inner } = plan
    if (inner > 0) {
      const outer = await nestedOf(caller, row, plan)
      for (const [fold, parts] of outer.entries()) {
        const scores: number[] = []
        for (const [variant, recipe] of plan.variants.entries()) {
          const kappas: number[] = []
          for (const [number, { train, validation }] of parts.inner.entries()) {
            const of = Object.fromEntries([
              ...train.map((id) => [id, 'train'] as const),
              ...validation.map((id) => [id, 'validation'] as const),
            ])
            const step = stepOf(variant, fold, number)
            const run = await carryOut(caller, row, step, recipe, { of, purpose: 'choice' })
            kappas.push(run.validation?.quadraticKappa.estimate ?? 0)
          }
          scores.push(kappas.reduce((sum, kappa) => sum + kappa, 0) / kappas.length)
        }
        const best = scores.indexOf(Math.max(...scores))
        await carryOut(caller, row, stepOf(best, fold), foldOf(plan.variants[best]!, folds, fold))
      }
      return
    }
    for (const { variant, fold } of stepsOf(plan)) {
      const recipe = plan.variants[variant]!
      await carryOut(caller, row, stepOf(variant, fold), fold === null ? recipe : foldOf(recipe, folds, fold))
    }
  }

  async function nestedOf(caller: Caller, row: Row<'training_series'>, plan: SeriesPlan): Promise<OuterFold[]> {
    const { labels: rows } = await labels.rows(caller, row.label_set_id)
    const { site, seed } = plan.variants[0]!
    return nestedFolds(
      rows
        .filter((r) => site === null || r.site === site)
        .map((r) => ({ id: r.scanId, patient: r.patientId, label: r.grade })),
      { outer: plan.folds, inner: plan.inner, seed },
    )
  }

  function launch(caller: Caller, row: Row<'training_series'>): void {
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
        active = null
        announce.studyChanged(row.study_id)
      }
    })()
    active = { id: row.id, stopped: false, runId: null, ended }
  }

  async function view(caller: Caller, row: Row<'training_series'>): Promise<Series> {
    const plan = planOf(row)
    const set = await db
      .selectFrom('label_set')
      .select('name')
      .where('id', '=', row.label_set_id)
      .executeTakeFirstOrThrow()
    const linked = await db.selectFrom('training_series_run').selectAll().where('series_id', '=', row.id).execute()
    const runs = new Map<string, Run>()
    for (const { step, run_id } of linked) runs.set(step, await training.run(caller, run_id))
    const done = [...runs.values()].filter(({ state }) => state === 'done').length
    const rows: SeriesRow[] = []
    if (plan.inner > 0) {
      const chosen = Array.from({ length: plan.folds }, (_, fold) => {
        const variant = plan.variants.findIndex((__, v) => runs.get(stepOf(v, fold).key)?.state === 'done')
        return variant < 0 ? null : variant
      })
      const own = chosen.flatMap((variant, fold) => {
        const run = variant === null ? undefined : runs.get(stepOf(variant, fold).key)
        return run ? [run] : []
      })
      rows.push({ ...(await summary(caller, row, own)), variant: null, chosen })
    } else {
      for (const [variant, { network }] of plan.variants.entries()) {
        const own = stepsOf(plan)
          .filter((step) => step.variant === variant)
          .flatMap(({ fold }) => runs.get(stepOf(variant, fold).key) ?? [])
        rows.push({ ...(await summary(caller, row, own)), variant, network, chosen: [] })
      }
    }
    return {
      ...{ id: row.id, studyId: row.study_id, labelSetId: row.label_set_id, labelSetName: set.name, plan },
      ...{ state: row.state, done, total: totalOf(plan), rows, startedAt: row.started_at },
      runId: active?.id === row.id ? active.runId : null,
      error: row.error ? (JSON.parse(row.error) as Series['error']) : null,
    }
  }

  /** Figures of the tested scans of several runs together; a scan is tested by one of them. */
  async function summary(
    caller: Caller,
    row: Row<'training_series'>,
    runs: Run[],
  ): Promise<Omit<SeriesRow, 'variant' | 'chosen'>> {
    const finished = runs.filter(({ state }) => state === 'done')
    const part = finished.every(({ test }) => test === null) ? 'validation' : 'test'
    const models = finished.flatMap(({ modelId }) => (modelId === null ? [] : [modelId]))
    const study = await studyOf(db, row.study_id)
    const held =
      models.length === 0
        ? []
        : await db.selectFrom('held_out').selectAll().where('model_id', 'in', models).where('part', '=', part).execute()
    const { labels: rows } = await labels.rows(caller, row.label_set_id)
    const trained = new Set<string>()
    for (const { id } of finished) {
      const { folds } = await db
        .selectFrom('training_run')
        .select('folds')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      for (const [scan, fold] of Object.entries((JSON.parse(folds) as StoredFolds).of))
        if (fold === 'train') trained.add(scan)
    }
    const figures = heldOutFigures(
      held.map(({ scan_id, grade }) => ({ scanId: scan_id, grade })),
      {
        labels: rows,
        scale: domainScale(study),
        trainLabels: rows.filter(({ scanId }) => trained.has(scanId)).map(({ grade }) => grade),
        seed: finished[0]?.recipe.seed ?? 1,
      },
    )
    return {
      network: [...new Set(runs.map(({ recipe }) => recipe.network))].join(', '),
      runIds: runs.map(({ id }) => id),
      figures,
      kappas: finished.map((run) => run[part]?.quadraticKappa.estimate ?? null),
      seconds: finished.reduce((sum, { seconds }) => sum + seconds, 0),
    }
  }

  return {
    async start(caller: Caller, request: { labelSetId: string; plan: SeriesPlan }): Promise<Series> {
      requireNone()
      const { plan } = request
      const { set } = await labels.rows(caller, request.labelSetId)
      await training.requireMemoryFor(await studyOf(db, set.study_id), plan.variants)
      requireNone()
      const row: Row<'training_series'> = {
        id: newId(),
        study_id: set.study_id,
        label_set_id: set.id,
        plan: JSON.stringify(plan),
        state: 'running',
        error: null,
        started_by: caller.accountId,
        started_at: now(),
        interrupted_at: null,
        workstation,
      }
      if (plan.inner > 0) {
        const same = new Set(plan.variants.map(({ site, seed }) => `${site}/${seed}`)).size === 1
        if (plan.folds === 0 || plan.variants.length < 2 || !same)
          throw new ConcordError(
            'series-differs',
            'A choice is tuned inside the folds of a cross-validation, among two recipes or more of one seed and site.',
          )
        // Says before the start what cannot be split.
        await nestedOf(caller, row, plan)
      }
      await db.transaction().execute(async (t) => {
        await t.insertInto('training_series').values(row).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'series.started',
          subject: row.id,
          rowDigest: seriesDigest(row),
        })
      })
      launch(caller, row)
      return view(caller, row)
    },

    async list(caller: Caller, studyId: string): Promise<Series[]> {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const rows = await db
        .selectFrom('training_series')
        .selectAll()
        .where('study_id', '=', studyId)
        .orderBy('id', 'desc')
        .execute()
      return Promise.all(rows.map((row) => view(caller, row)))
    },

    async get(caller: Caller, seriesId: string): Promise<Series> {
      const row = await rowOf(seriesId)
      await refuseBlinded(db, caller, await studyOf(db, row.study_id))
      return view(caller, row)
    },

    /** Stops after the running step of the running run; what is done stays. */
    async cancel(caller: Caller, seriesId: string): Promise<Series> {
      const series = await this.get(caller, seriesId)
      if (active?.id === seriesId) {
        active.stopped = true
        if (active.runId !== null) await training.cancel(caller, active.runId)
        await active.ended
        return this.get(caller, seriesId)
      }
      return series
    },

    async resume(caller: Caller, seriesId: string): Promise<Series> {
      requireNone()
      await this.get(caller, seriesId)
      const row = await rowOf(seriesId)
      if (row.state === 'done') throw new ConcordError('series-done', 'All runs of this series are done.')
      await training.requireMemoryFor(await studyOf(db, row.study_id), planOf(row).variants)
      requireNone()
      const { numUpdatedRows } = await db
        .updateTable('training_series')
        .set({ state: 'running', error: null, interrupted_at: null, workstation })
        .where('id', '=', seriesId)
        .where('state', '=', row.state)
        .where((eb) => eb.or([eb('state', '!=', 'running'), isOf(workstation)]))
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0)
        throw new ConcordError('series-in-progress', 'Another workstation goes on with this series already.')
      launch(caller, row)
      return view(caller, { ...row, state: 'running', error: null })
    },

    /** Resolves when the series that is going on is over, however it ended. */
    finished: (): Promise<void> => active?.ended ?? Promise.resolve(),

    /** As for runs (training.ts). */
    async claim(): Promise<void> {
      if (!active) return
      const { id } = active
      const row = await rowOf(id)
      if (row.workstation !== workstation) {
        active.stopped = true
        return
      }
      if (row.state === 'interrupted')
        await db
          .updateTable('training_series')
          .set({ state: 'running', interrupted_at: null })
          .where('id', '=', id)
          .where('state', '=', 'interrupted')
          .where(isOf(workstation))
          .execute()
    },

    /** At the end of the program: no further run is started. */
    stop(): void {
      if (active) active.stopped = true
    },

    /** At start: a series that was going when the program ended can be resumed. */
    async markInterrupted(): Promise<void> {
      await db
        .updateTable('training_series')
        .set({ state: 'interrupted', interrupted_at: now() })
        .where('state', '=', 'running')
        .where(isOf(workstation))
        .execute()
    },
  }

  function requireNone(): void {
    if (active) throw new ConcordError('series-in-progress', 'A series of runs is going on. Wait for it, or stop it.')
  }
}

const foldOf = (recipe: Recipe, folds: number, fold: number): Recipe => ({
  ...recipe,
  holdOut: { by: 'fold', folds, fold },
})

/** Without a nested choice: every variant on every fold; fold by fold, so that all variants have some figures early. */
function stepsOf({ variants, folds }: SeriesPlan): { variant: number; fold: number | null }[] {
  const parts = folds === 0 ? [null] : Array.from({ length: folds }, (_, fold) => fold)
  return parts.flatMap((fold) => variants.map((_, variant) => ({ variant, fold })))
}

const totalOf = (plan: SeriesPlan): number =>
  plan.inner > 0 ? plan.folds * (plan.variants.length * plan.inner + 1) : stepsOf(plan).length

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
