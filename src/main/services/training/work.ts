import { join } from 'node:path'
import type { Run } from '../../../preload/contract/training.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import type { LearnerHost } from '../../learning/host.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import type { LabelRow, Labels } from '../settling/labels.ts'
import type { Active } from './active.ts'
import { forgetHolder } from './holder.ts'
import { liveProgress } from './live.ts'
import { createOutcomes } from './outcome.ts'
import { storedRecipe } from './recipe.ts'
import { trainRequest } from './request.ts'
import type { StoredFolds, Runs } from './runs.ts'
import type { Register } from './trained.ts'

export interface WorkParts extends ServiceBase {
  jobs: Jobs
  labels: Labels
  learner: LearnerHost
  folders: { runs: string }
  volumePath(sha256: string): string
  register: Register
  /** A run as it is now, to whoever looks on. */
  emit(run: Run): void
}

/** Carries a stored run out as a job: what it needs is read from its row, so that a resumed run is the same run. */
export function createWork(parts: WorkParts & { active: Active; runs: Runs }) {
  const { db, announce, jobs, labels, learner, folders, volumePath, emit, active, runs } = parts
  const outcomes = createOutcomes(parts)
  const endings = new Map<string, Promise<void>>()

  const view = (row: Row<'training_run'>): Promise<Run> => runs.view(row, active.of(row.id)?.live ?? null)
  const tell = async (runId: string): Promise<void> => emit(await view(await runs.row(runId)))

  async function work(caller: Caller, row: Row<'training_run'>, resume: boolean, control: JobControl): Promise<void> {
    active.hold(row.id, control.jobId)
    const began = performance.now()
    const seconds = (): number => row.seconds + (performance.now() - began) / 1000
    let known: readonly LabelRow[] = []
    const folder = join(folders.runs, row.id)
    try {
      const { set: labelSet, labels: rows } = await labels.rows(caller, row.label_set_id)
      known = rows
      const study = await studyOf(db, row.study_id)
      const recipe = storedRecipe(row.recipe)
      const stored = JSON.parse(row.folds) as StoredFolds
      const request = trainRequest({
        ...{ id: row.id, rows, scale: domainScale(study), recipe, stored, resume, volumePath },
        checkpointFolder: folder,
      })
      const result = await learner.train(request, {
        signal: control.signal,
        onEpoch: (figures) => void runs.keepEpoch(row.id, figures).then(() => tell(row.id)),
        onProgress: liveProgress({
          ...{ epochs: recipe.epochs, control },
          active: () => active.of(row.id),
          tell: () => void tell(row.id),
        }),
      })
      for (const figures of result.history) await runs.keepEpoch(row.id, figures)
      await outcomes.done(
        caller,
        {
          row,
          labelSet,
          labels: rows,
          recipe,
          result,
          folds: stored.of,
          regions: stored.regions,
          reproduces: stored.reproduces,
          scale: scaleOf(study),
        },
        { study, forChoice: stored.purpose === 'choice', seconds },
      )
      announce.studyChanged(row.study_id)
    } catch (error) {
      await outcomes.stopped(row.id, { cancelled: control.signal.aborted, error, rows: known, seconds: seconds() })
      throw error
    } finally {
      await forgetHolder(folder)
      active.clear()
    }
  }

  return {
    view,
    tell,

    /** Starts or goes on with the work of a run of which this program is noted as the holder. */
    async launch(caller: Caller, row: Row<'training_run'>, resume: boolean): Promise<Run> {
      active.hold(row.id)
      const { ended } = await jobs
        .start({ kind: 'training', studyId: row.study_id, accountId: caller.accountId }, (control) =>
          work(caller, row, resume, control),
        )
        .catch(async (error: unknown) => {
          active.clear()
          await forgetHolder(join(folders.runs, row.id))
          throw error
        })
      endings.set(row.id, ended)
      void ended.then(() => tell(row.id)).catch(() => undefined)
      return view(await runs.row(row.id))
    },

    /** Resolves when a run started here is over, however it ended. */
    finished: (runId: string): Promise<void> => endings.get(runId) ?? Promise.resolve(),
  }
}
