import { join } from 'node:path'
import type { Series, SeriesPlan } from '../../../../preload/contract/series.ts'
import { ConcordError } from '../../../domain/error.ts'
import { isOf } from '../../../jobs/jobs.ts'
import { record } from '../../../store/audit.ts'
import type { Connection } from '../../../store/database.ts'
import { newId, now } from '../../../store/identity.ts'
import type { Row } from '../../../store/schema.ts'
import { seriesDigest } from '../../../store/witness/digests.ts'
import { refuseBlinded, studyOf, type Caller, type ServiceBase } from '../../context.ts'
import type { Labels } from '../../settling/labels.ts'
import { decideAlone, isHeldElsewhere, noteHolder } from '../holder.ts'
import type { Training } from '../index.ts'
import { planOf, requireNestable } from './plan.ts'
import { createSeriesView } from './view.ts'
import { createSeriesWork } from './work.ts'

/**
 * Series of training runs: cross-validation, networks or recipes held against one another, one model a site, and choices tuned
 * inside each fold. A series that was stopped goes on with the first run that is not done.
 */
export function createSeries(parts: ServiceBase & { labels: Labels; training: Training; folders: { runs: string } }) {
  const { db, workstation, labels, training } = parts
  const { now: active, launch } = createSeriesWork(parts)
  const viewOf = createSeriesView(parts)
  const runNow = (seriesId: string): string | null => {
    const here = active()
    return here?.id === seriesId ? here.runId : null
  }
  const view = (caller: Caller, row: Row<'training_series'>): Promise<Series> =>
    viewOf(caller, row, () => runNow(row.id))

  const folderOf = (seriesId: string): string => join(parts.folders.runs, seriesId)
  const rowOf = async (seriesId: string, connection: Connection = db): Promise<Row<'training_series'>> => {
    const row = await connection.selectFrom('training_series').selectAll().where('id', '=', seriesId).executeTakeFirst()
    if (!row) throw new ConcordError('series-unknown', 'There is no such series of runs.')
    return row
  }

  function requireNone(): void {
    if (active()) throw new ConcordError('series-in-progress', 'A series of runs is going on. Wait for it, or stop it.')
  }

  return {
    async start(caller: Caller, request: { labelSetId: string; plan: SeriesPlan }): Promise<Series> {
      requireNone()
      const { plan } = request
      const { set, labels: rows } = await labels.rows(caller, request.labelSetId)
      await training.requireMemoryFor(await studyOf(db, set.study_id), plan.variants)
      requireNone()
      const row: Row<'training_series'> = {
        ...{ id: newId(), study_id: set.study_id, label_set_id: set.id, plan: JSON.stringify(plan) },
        ...{ state: 'running', error: null, interrupted_at: null, workstation },
        ...{ started_by: caller.accountId, started_at: now() },
      }
      // Says before the start what cannot be split.
      if (plan.inner > 0) requireNestable(rows, plan)
      await noteHolder(folderOf(row.id))
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
      const here = active()
      if (here?.id !== seriesId) return series
      here.stopped = true
      if (here.runId !== null) await training.cancel(caller, here.runId)
      await here.ended
      return this.get(caller, seriesId)
    },

    async resume(caller: Caller, seriesId: string): Promise<Series> {
      requireNone()
      await this.get(caller, seriesId)
      const row = await rowOf(seriesId)
      if (row.state === 'done') throw new ConcordError('series-done', 'All runs of this series are done.')
      await training.requireMemoryFor(await studyOf(db, row.study_id), planOf(row).variants)
      requireNone()
      await decideAlone(db, 'training_series', seriesId, async (t) => {
        const now = await rowOf(seriesId, t)
        const here = now.workstation === workstation
        if (now.state !== row.state || (now.state === 'running' && !here))
          throw new ConcordError('series-in-progress', 'Another workstation goes on with this series already.')
        if (here && (await isHeldElsewhere(folderOf(seriesId))))
          throw new ConcordError('series-in-progress', 'Another program on this computer is carrying this series out.')
        await t
          .updateTable('training_series')
          .set({ state: 'running', error: null, interrupted_at: null, workstation })
          .where('id', '=', seriesId)
          .execute()
        await noteHolder(folderOf(seriesId))
      })
      launch(caller, row)
      return view(caller, { ...row, state: 'running', error: null })
    },

    /** Resolves when the series that is going on is over, however it ended. */
    finished: (): Promise<void> => active()?.ended ?? Promise.resolve(),

    /** As for runs (training/interrupted.ts). */
    async claim(): Promise<void> {
      const here = active()
      if (!here) return
      const { id } = here
      const row = await rowOf(id)
      if (row.workstation !== workstation) {
        here.stopped = true
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
      const here = active()
      if (here) here.stopped = true
    },

    /** At start: a series that was going when the program ended can be resumed; one that another program carries out is left to it. */
    async markInterrupted(): Promise<void> {
      const going = await db
        .selectFrom('training_series')
        .select('id')
        .where('state', '=', 'running')
        .where(isOf(workstation))
        .execute()
      for (const { id } of going)
        await decideAlone(db, 'training_series', id, async (t) => {
          if (await isHeldElsewhere(folderOf(id))) return
          await t
            .updateTable('training_series')
            .set({ state: 'interrupted', interrupted_at: now() })
            .where('id', '=', id)
            .where('state', '=', 'running')
            .where(isOf(workstation))
            .execute()
        })
    },
  }
}
