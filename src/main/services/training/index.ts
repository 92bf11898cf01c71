import { join } from 'node:path'
import type { Recipe, Run } from '../../../preload/contract/training.ts'
import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { runDigest } from '../../store/witness/digests.ts'
import { refuseBlinded, studyOf, type Caller } from '../context.ts'
import { createActive } from './active.ts'
import { decideAlone, isHeldElsewhere, noteHolder } from './holder.ts'
import { createInterrupted } from './interrupted.ts'
import { createNetworkList } from './networks.ts'
import { regionsNow } from './regions.ts'
import { createRequirements } from './requirements.ts'
import { createRuns, type Reproduced, type StoredFolds } from './runs.ts'
import { ofSite, placedSplit, recipeSplit } from './split.ts'
import { warningsOf } from './warnings.ts'
import { createWork, type WorkParts } from './work.ts'

export type Training = ReturnType<typeof createTraining>

/** A run before it starts: its labels and its recipe. */
export interface RunRequest {
  labelSetId: string
  recipe: Recipe
}

/** Training runs: one at a time, each repeatable from its row, resumable from its last epoch's checkpoint. */
export function createTraining(parts: WorkParts) {
  const { db, workstation, jobs, labels, learner } = parts
  const active = createActive()
  const runs = createRuns({ db, labels })
  const { view, tell, launch, finished } = createWork({ ...parts, active, runs })
  const { requireStartable, requireRoomFor } = createRequirements(parts)

  /** For those who may know of the study's results. */
  async function run(caller: Caller, runId: string): Promise<Run> {
    const row = await runs.row(runId)
    await refuseBlinded(db, caller, await studyOf(db, row.study_id))
    return view(row)
  }

  const folderOf = (runId: string): string => join(parts.folders.runs, runId)
  const setState = (runId: string, state: Row<'training_run'>['state']) =>
    db.updateTable('training_run').set({ state }).where('id', '=', runId).execute()

  return {
    ...createNetworkList(parts),
    ...createInterrupted({ ...parts, active }),
    finished,
    run,

    /**
     * Starts a run, or refuses it before anything is written. Errors: `run-in-progress`, `roi-missing`, those of `holdOutSplit`
     * and of `requireStartable`.
     * @param more `parts`: which scan is in which part, in place of the recipe's way of holding out. `step`: of the series it is
     * a run of. `basedOn`: the run that it is started again from.
     */
    async start(
      caller: Caller,
      { labelSetId, recipe }: RunRequest,
      more: {
        parts?: Pick<StoredFolds, 'of' | 'purpose'> | undefined
        step?: { seriesId: string; step: string }
        basedOn?: string
        reproduces?: Reproduced
      } = {},
    ): Promise<Run> {
      return active.alone(async () => {
        const { parts: placed, step, basedOn = null, reproduces } = more
        const { set, labels: rows } = await labels.rows(caller, labelSetId)
        const { of, patients } = placed ? placedSplit(rows, placed.of) : recipeSplit(rows, recipe)
        const study = await studyOf(db, set.study_id)
        const regions = await regionsNow(db, study, Object.keys(of), recipe)
        await requireStartable({ rows, folds: of, recipe, study })
        const folds: StoredFolds = {
          ...{ of, patients, ...(regions ? { regions } : {}) },
          ...(placed?.purpose ? { purpose: placed.purpose } : {}),
          ...(reproduces ? { reproduces } : {}),
        }
        const row: Row<'training_run'> = {
          ...{ id: newId(), study_id: set.study_id, label_set_id: set.id },
          ...{ recipe: JSON.stringify(recipe), folds: JSON.stringify(folds), state: 'running' },
          ...{ best_epoch: null, device: null, versions: null, figures: null, error: null },
          ...{ started_by: caller.accountId, started_at: now(), seconds: 0 },
          ...{ based_on: basedOn, interrupted_at: null, workstation },
        }
        await noteHolder(folderOf(row.id))
        await db.transaction().execute(async (t) => {
          await t.insertInto('training_run').values(row).execute()
          const inSeries = step ? { run_id: row.id, series_id: step.seriesId, step: step.step } : null
          if (inSeries) await t.insertInto('training_series_run').values(inSeries).execute()
          await record(t, {
            accountId: caller.accountId,
            act: 'training.started',
            subject: row.id,
            rowDigest: runDigest(row, inSeries),
          })
        })
        return launch(caller, row, false)
      })
    },

    /** What a person should know before a run is started on these labels. */
    async check(caller: Caller, { labelSetId, recipe }: RunRequest) {
      const { set, labels: rows } = await labels.rows(caller, labelSetId)
      const chosen = ofSite(rows, recipe.site)
      const warnings = warningsOf(chosen, recipe)
      const study = await studyOf(db, set.study_id)
      const scanIds = chosen.map(({ scanId }) => scanId)
      await regionsNow(db, study, scanIds, recipe).catch((error: unknown) => {
        if (!(error instanceof ConcordError) || error.code !== 'roi-missing') throw error
        warnings.push({ code: 'roi-missing', grade: null, least: 0, most: chosen.length, message: error.message })
      })
      return { warnings }
    },

    /**
     * Of a series, before its first run: refuses it where any of its runs would be refused for want of memory. While a run is going
     * on nothing is said: what it holds will be free. Error: `not-enough-memory`, as a single run's.
     */
    async requireMemoryFor(study: Row<'study'>, recipes: readonly Recipe[]): Promise<void> {
      if (!active.now()) await requireRoomFor(study, recipes)
    },

    async runs(caller: Caller, studyId: string): Promise<Run[]> {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const rows = await db
        .selectFrom('training_run')
        .selectAll()
        .where('study_id', '=', studyId)
        .orderBy('id', 'desc')
        .execute()
      return Promise.all(rows.map(view))
    },

    /** Stops after the running step; the last epoch's checkpoint stays, so that the run can be resumed. */
    async cancel(caller: Caller, runId: string): Promise<Run> {
      const shown = await run(caller, runId)
      const here = active.of(runId)
      if (here) jobs.cancel(here.jobId)
      return shown
    },

    /** Halts a running run between two steps; it keeps its place in memory and goes on at once with `resume`. */
    async pause(caller: Caller, runId: string): Promise<Run> {
      const { state } = await run(caller, runId)
      if (!active.of(runId) || state !== 'running')
        throw new ConcordError('run-not-running', 'Only a run that is going on can be paused.')
      learner.pause(runId)
      await setState(runId, 'paused')
      await tell(runId)
      return run(caller, runId)
    },

    /** Goes on with a paused run at once, with any other that was stopped from its last checkpoint. Error: `run-not-resumable`. */
    async resume(caller: Caller, runId: string): Promise<Run> {
      if (active.of(runId)) {
        const { state } = await runs.row(runId)
        if (state === 'paused') {
          await setState(runId, 'running')
          learner.resume(runId)
          await tell(runId)
        }
        if (state === 'paused' || state === 'running') return run(caller, runId)
        // It was stopped this moment, and what it holds is let go.
        await finished(runId)
      }
      return active.alone(async () => {
        const row = await decideAlone(db, 'training_run', runId, async (t) => {
          const row = await runs.row(runId, t)
          const { state } = row
          const here = row.workstation === workstation
          if (here && (await isHeldElsewhere(folderOf(runId))))
            throw new ConcordError('run-in-progress', 'Another program on this computer is carrying this run out.')
          // A run of this workstation that nobody here carries out was left by a program that was killed.
          const left = here && state === 'running'
          if (!left && !['cancelled', 'interrupted', 'failed', 'paused'].includes(state))
            throw new ConcordError('run-not-resumable', 'Only a run that was stopped can go on; start a new one.')
          await t
            .updateTable('training_run')
            .set({ state: 'running', error: null, interrupted_at: null, workstation })
            .where('id', '=', runId)
            .execute()
          await noteHolder(folderOf(runId))
          return row
        })
        return launch(caller, { ...row, workstation }, true)
      })
    },
  }
}
