import type { Series, SeriesPlan, SeriesRow } from '../../../../preload/contract/series.ts'
import type { Run } from '../../../../preload/contract/training.ts'
import type { Row } from '../../../store/schema.ts'
import { domainScale, studyOf, type Caller, type ServiceBase } from '../../context.ts'
import type { Labels } from '../../settling/labels.ts'
import { heldOutFigures } from '../figures.ts'
import type { Training } from '../index.ts'
import type { StoredFolds } from '../runs.ts'
import { planOf, stepOf, stepsOf, totalOf } from './plan.ts'

/** A series as the page sees it: a row for each of its variants, or one for a choice among them. */
export function createSeriesView({ db, labels, training }: ServiceBase & { labels: Labels; training: Training }) {
  const runsOf = async (caller: Caller, seriesId: string): Promise<Map<string, Run>> => {
    const linked = await db.selectFrom('training_series_run').selectAll().where('series_id', '=', seriesId).execute()
    const runs = new Map<string, Run>()
    for (const { step, run_id } of linked) runs.set(step, await training.run(caller, run_id))
    return runs
  }

  async function rowsOf(
    caller: Caller,
    row: Row<'training_series'>,
    plan: SeriesPlan,
    runs: Map<string, Run>,
  ): Promise<SeriesRow[]> {
    if (plan.inner > 0) {
      const chosen = Array.from({ length: plan.folds }, (_, fold) => {
        const variant = plan.variants.findIndex((__, v) => runs.get(stepOf(v, fold).key)?.state === 'done')
        return variant < 0 ? null : variant
      })
      const own = chosen.flatMap((variant, fold) => {
        const run = variant === null ? undefined : runs.get(stepOf(variant, fold).key)
        return run ? [run] : []
      })
      return [{ ...(await summary(caller, row, own)), variant: null, chosen }]
    }
    const rows: SeriesRow[] = []
    for (const [variant, { network }] of plan.variants.entries()) {
      const own = stepsOf(plan)
        .filter((step) => step.variant === variant)
        .flatMap(({ key }) => runs.get(key) ?? [])
      rows.push({ ...(await summary(caller, row, own)), variant, network, chosen: [] })
    }
    return rows
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
    const trained = await trainedScans(finished.map(({ id }) => id))
    const figures = heldOutFigures(
      held.map(({ scan_id, grade }) => ({ scanId: scan_id, grade })),
      {
        labels: rows,
        scale: domainScale(study),
        trainLabels: rows.filter(({ scanId }) => trained.has(scanId)).map(({ grade }) => grade),
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

  async function trainedScans(runIds: readonly string[]): Promise<Set<string>> {
    const trained = new Set<string>()
    for (const id of runIds) {
      const { folds } = await db
        .selectFrom('training_run')
        .select('folds')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      for (const [scan, fold] of Object.entries((JSON.parse(folds) as StoredFolds).of))
        if (fold === 'train') trained.add(scan)
    }
    return trained
  }

  /** @param runNow the run that is going on, if it is of this series */
  return async function view(
    caller: Caller,
    row: Row<'training_series'>,
    runNow: () => string | null,
  ): Promise<Series> {
    const plan = planOf(row)
    const set = await db
      .selectFrom('label_set')
      .select('name')
      .where('id', '=', row.label_set_id)
      .executeTakeFirstOrThrow()
    const runs = await runsOf(caller, row.id)
    return {
      ...{ id: row.id, studyId: row.study_id, labelSetId: row.label_set_id, labelSetName: set.name, plan },
      ...{ state: row.state, total: totalOf(plan), startedAt: row.started_at },
      done: [...runs.values()].filter(({ state }) => state === 'done').length,
      rows: await rowsOf(caller, row, plan, runs),
      runId: runNow(),
      error: row.error ? (JSON.parse(row.error) as Series['error']) : null,
    }
  }
}
