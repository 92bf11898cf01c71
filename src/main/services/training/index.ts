import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { NetworkDescription, Recipe, Run } from '../../../preload/contract/training.ts'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { holdOutSplit } from '../../domain/hold-out.ts'
import type { Fold } from '../../domain/splits.ts'
import { isOf, type JobControl, type Jobs } from '../../jobs/jobs.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { requireMemory } from '../../learning/memory.ts'
import { networks } from '../../learning/networks/index.ts'
import { checkTrainRequest } from '../../learning/request.ts'
import type { MemoryNeed, Progress } from '../../learning/types.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { runDigest, runResultDigest } from '../../store/witness/digests.ts'
import { refuseBlinded, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import type { LabelRow, Labels } from '../settling/labels.ts'
import type { Models } from '../models/index.ts'
import { domainScale } from '../votes/disputes.ts'
import { heldOutFigures } from './figures.ts'
import { learnerRecipe, storedRecipe } from './recipe.ts'
import { regionInput, regionsWanted } from '../regions/input.ts'
import { networkRegions } from '../regions/rows.ts'
import { createRuns, type StoredFigures, type StoredFolds } from './runs.ts'
import { warningsOf } from './warnings.ts'

export type Training = ReturnType<typeof createTraining>

/** The page hears of a running epoch this often, in milliseconds. */
const tellEvery = 500

/** Training runs: one at a time, each repeatable from its row, resumable from its last epoch's checkpoint. */
export function createTraining({
  db,
  announce,
  workstation,
  jobs,
  labels,
  models,
  learner,
  folders,
  volumePath,
  emit,
}: ServiceBase & {
  jobs: Jobs
  labels: Labels
  models: Models
  learner: LearnerHost
  folders: { runs: string }
  volumePath(sha256: string): string
  emit(run: Run): void
}) {
  const endings = new Map<string, Promise<void>>()
  let active: { runId: string; jobId: string; live: Progress | null } | null = null
  let beginning = false

  const runs = createRuns({ db, labels })
  const view = (row: Row<'training_run'>): Promise<Run> => runs.view(row, active?.runId === row.id ? active.live : null)
  const tell = async (runId: string): Promise<void> => emit(await view(await runs.row(runId)))

  /** One run at a time: the place is taken before anything is asked of the database. */
  async function alone(begin: () => Promise<Run>): Promise<Run> {
    if (active || beginning)
      throw new ConcordError('run-in-progress', 'A network is being trained. Wait for it, or cancel it first.')
    beginning = true
    try {
      return await begin()
    } finally {
      beginning = false
    }
  }

  /** What would end the run after its start is said before it. */
  async function requireStartable(
    rows: LabelRow[],
    folds: Record<string, Fold>,
    recipe: Recipe,
    study: Row<'study'>,
  ): Promise<void> {
    const used = rows.filter(({ scanId }) => folds[scanId] !== undefined)
    const gone = used.filter(({ contentSha256 }) => !existsSync(volumePath(contentSha256))).length
    if (gone > 0)
      throw new ConcordError(
        'training-scans-gone',
        `The pictures of ${gone} of ${used.length} labelled scans are no longer on this machine: ` +
          'import their folder again, or take another label set.',
        'labelSetId',
      )
    if (recipe.pretrained !== null && !existsSync(recipe.pretrained))
      throw new ConcordError(
        'weights-missing',
        'The weights file to start from is not there: choose it again.',
        'pretrained',
      )
    const grades = scaleOf(study).grades.map((g) => g.value)
    checkTrainRequest({
      ...learnerRecipe(recipe),
      ...{ runId: '', classes: grades, rescanFrom: null, checkpointFolder: '', resume: false },
      scans: used.map((r) => ({
        ...{ scanId: r.scanId, cachePath: '' },
        ...{ label: grades.indexOf(r.grade), fold: folds[r.scanId]! },
      })),
    })
    await requireRoom(study, recipe)
  }

  async function requireRoom(study: Row<'study'>, recipe: Recipe): Promise<void> {
    const classes = scaleOf(study).grades.map((g) => g.value)
    requireMemory(await learner.memory({ ...learnerRecipe(recipe), classes }))
  }

  /** Where the recipe's regions are now; none for whole pictures. Error: `roi-missing`. */
  async function regionsOf(study: Row<'study'>, scanIds: string[], recipe: Recipe): Promise<StoredFolds['regions']> {
    const from = regionsWanted(study, recipe.region)
    if (from === null) return undefined
    const of = await networkRegions(db, study.id, scanIds, from, ', or train on whole pictures')
    return { from, of: Object.fromEntries(of) }
  }

  /** Starts or goes on with a run's work as a job. */
  async function launch(caller: Caller, row: Row<'training_run'>, resume: boolean): Promise<Run> {
    active = { runId: row.id, jobId: '', live: null }
    const { ended } = await jobs.start(
      { kind: 'training', studyId: row.study_id, accountId: caller.accountId },
      (control) => work(caller, row, resume, control),
    )
    endings.set(row.id, ended)
    void ended.then(() => tell(row.id)).catch(() => undefined)
    return view(await runs.row(row.id))
  }

  async function work(caller: Caller, row: Row<'training_run'>, resume: boolean, control: JobControl): Promise<void> {
    active = { runId: row.id, jobId: control.jobId, live: null }
    const began = performance.now()
    let told = began
    let names: readonly LabelRow[] = []
    const seconds = (): number => row.seconds + (performance.now() - began) / 1000
    /** Only as long as no other workstation goes on with the run. */
    const set = (change: Partial<Row<'training_run'>>, connection: Connection = db) =>
      connection.updateTable('training_run').set(change).where('id', '=', row.id).where(isOf(workstation)).execute()
    try {
      const { set: labelSet, labels: rows } = await labels.rows(caller, row.label_set_id)
      names = rows
      const study = await studyOf(db, row.study_id)
      const scale = scaleOf(study)
      const grades = scale.grades.map((g) => g.value)
      const recipe = storedRecipe(row.recipe)
      const { of: folds, regions } = JSON.parse(row.folds) as StoredFolds
      const result = await learner.train(
        {
          runId: row.id,
          ...learnerRecipe(recipe),
          ...(regions ? { preprocessing: { region: regionInput(regions.from) } } : {}),
          classes: grades,
          rescanFrom: scale.rescanFrom,
          scans: rows.flatMap((label) => {
            const fold = folds[label.scanId]
            if (fold === undefined) return []
            const { scanId, contentSha256, grade, distribution } = label
            const region = regions?.of[scanId]
            const source = { scanId, cachePath: volumePath(contentSha256), ...(region ? { region } : {}) }
            const scan = { ...source, label: grades.indexOf(grade), fold }
            return [recipe.softLabels ? { ...scan, distribution } : scan]
          }),
          checkpointFolder: join(folders.runs, row.id),
          resume,
        },
        {
          signal: control.signal,
          onEpoch: (figures) => void runs.keepEpoch(row.id, figures).then(() => tell(row.id)),
          onProgress: (progress) => {
            if (active?.runId === row.id) {
              const before = active.live
              active.live = {
                ...progress,
                imagesPerSecond: progress.imagesPerSecond ?? before?.imagesPerSecond ?? null,
                secondsLeft: progress.secondsLeft ?? before?.secondsLeft ?? null,
              }
              if (performance.now() - told > tellEvery) {
                told = performance.now()
                void tell(row.id)
              }
            }
            const share = progress.total > 0 ? progress.done / progress.total : 0
            const atEpoch = progress.stage === 'training' || progress.stage === 'validating'
            control.progress(
              atEpoch ? Math.max(0, progress.epoch - 1) + share : 0,
              recipe.epochs,
              progress.stage === 'training' ? `epoch ${progress.epoch} / ${recipe.epochs}` : progress.stage,
            )
          },
        },
      )
      for (const figures of result.history) await runs.keepEpoch(row.id, figures)
      const context = {
        labels: rows,
        scale: domainScale(study),
        trainLabels: rows.filter((r) => folds[r.scanId] === 'train').map((r) => r.grade),
        seed: recipe.seed,
      }
      const figures: StoredFigures = {
        validation: heldOutFigures(result.validation, context),
        test: heldOutFigures(result.test, context),
      }
      const forChoice = (JSON.parse(row.folds) as StoredFolds).purpose === 'choice'
      // A program that was killed here before has kept the model already: the weights are the same.
      const kept = await db.selectFrom('model').select('id').where('run_id', '=', row.id).executeTakeFirst()
      const ended = { row, labelSet, labels: rows, recipe, result, figures, folds, regions, scale }
      await requireOwn(db, row.id)
      if (!forChoice && !kept) await models.register(caller, ended)
      const results = {
        ...{ best_epoch: result.bestEpoch, device: result.device.name },
        ...{ versions: JSON.stringify(result.versions), figures: JSON.stringify(figures) },
      }
      await db.transaction().execute(async (t) => {
        await requireOwn(t, row.id)
        await set({ ...results, state: 'done', error: null, seconds: seconds() }, t)
        await record(t, {
          accountId: caller.accountId,
          act: 'training.ended',
          subject: row.id,
          rowDigest: runResultDigest({ id: row.id, ...results }),
        })
      })
      announce.studyChanged(row.study_id)
    } catch (error) {
      const cancelled = control.signal.aborted
      await set({
        state: cancelled ? 'cancelled' : 'failed',
        seconds: seconds(),
        error: cancelled
          ? null
          : JSON.stringify({
              code: error instanceof ConcordError ? error.code : 'unexpected',
              message: inNames(messageOf(error), names),
            }),
      }).catch(() => undefined)
      throw error
    } finally {
      active = null
    }
  }

  /** Error: `run-taken-over`, where another workstation goes on with the run since this one could not be reached. */
  async function requireOwn(connection: Connection, runId: string): Promise<void> {
    const row = await connection
      .selectFrom('training_run')
      .select('id')
      .where('id', '=', runId)
      .where(isOf(workstation))
      .executeTakeFirst()
    if (!row) throw new ConcordError('run-taken-over', 'Another workstation has gone on with this run; it ends here.')
  }

  let described: NetworkDescription[] | null = null

  return {
    /** The networks there are, with their parameters on this study's usual five grades. */
    async networks(): Promise<NetworkDescription[]> {
      described ??= await Promise.all(
        networks.map(async (network) => {
          const { name, title, input, smallest } = network
          const { parameters } = await learner.describe(name, { classes: 5 })
          return { name, title, source: network.describe(), edge: input.edge, smallest, parameters }
        }),
      )
      return described
    },

    /**
     * Starts a run, or refuses it before anything is written. Errors: `run-in-progress`, `roi-missing`, those of `holdOutSplit`,
     * `training-scans-gone`, `not-enough-memory` and those of the learner's `checkTrainRequest`.
     * @param more `parts`: which scan is in which part, in place of the recipe's way of holding out. `step`: of the series it is
     * a run of. `basedOn`: the run that it is started again from.
     */
    async start(
      caller: Caller,
      request: { labelSetId: string; recipe: Recipe },
      more: {
        parts?: Pick<StoredFolds, 'of' | 'purpose'> | undefined
        step?: { seriesId: string; step: string }
        basedOn?: string
      } = {},
    ): Promise<Run> {
      return alone(async () => {
        const { parts, step, basedOn = null } = more
        const { set, labels: rows } = await labels.rows(caller, request.labelSetId)
        const { folds, patients } = parts ? placed(rows, parts.of) : split(rows, request.recipe)
        const study = await studyOf(db, set.study_id)
        const regions = await regionsOf(study, Object.keys(folds), request.recipe)
        await requireStartable(rows, folds, request.recipe, study)
        const row: Row<'training_run'> = {
          id: newId(),
          study_id: set.study_id,
          label_set_id: set.id,
          recipe: JSON.stringify(request.recipe),
          folds: JSON.stringify({
            ...{ of: folds, patients, ...(regions ? { regions } : {}) },
            ...(parts?.purpose ? { purpose: parts.purpose } : {}),
          } satisfies StoredFolds),
          state: 'running',
          best_epoch: null,
          device: null,
          versions: null,
          figures: null,
          error: null,
          started_by: caller.accountId,
          started_at: now(),
          seconds: 0,
          based_on: basedOn,
          interrupted_at: null,
          workstation,
        }
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
    async check(caller: Caller, request: { labelSetId: string; recipe: Recipe }) {
      const { set, labels: rows } = await labels.rows(caller, request.labelSetId)
      const chosen = rows.filter(({ site }) => request.recipe.site === null || site === request.recipe.site)
      const warnings = warningsOf(chosen, request.recipe)
      const study = await studyOf(db, set.study_id)
      const scanIds = chosen.map(({ scanId }) => scanId)
      await regionsOf(study, scanIds, request.recipe).catch((error: unknown) => {
        if (!(error instanceof ConcordError) || error.code !== 'roi-missing') throw error
        warnings.push({ code: 'roi-missing', grade: null, least: 0, most: chosen.length, message: error.message })
      })
      return { warnings }
    },

    /** Of the usual five grades, which other scales hardly change. */
    memory: (recipe: Recipe): Promise<MemoryNeed> =>
      learner.memory({ ...learnerRecipe(recipe), classes: [1, 2, 3, 4, 5] }),

    /**
     * Of a series, before its first run: refuses it where any of its runs would be refused for want of memory. While a run is going
     * on nothing is said: what it holds will be free. Error: `not-enough-memory`, as a single run's.
     */
    async requireMemoryFor(study: Row<'study'>, recipes: readonly Recipe[]): Promise<void> {
      if (active) return
      const different = new Map<string, Recipe>()
      for (const recipe of recipes) {
        const { network, imageSize, batch, optimiser, loss } = recipe
        different.set([network, imageSize, batch, optimiser, loss].join('/'), recipe)
      }
      for (const recipe of different.values()) await requireRoom(study, recipe)
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

    async run(caller: Caller, runId: string): Promise<Run> {
      const row = await runs.row(runId)
      await refuseBlinded(db, caller, await studyOf(db, row.study_id))
      return view(row)
    },

    /** Stops after the running step; the last epoch's checkpoint stays, so that the run can be resumed. */
    async cancel(caller: Caller, runId: string): Promise<Run> {
      const run = await this.run(caller, runId)
      if (active?.runId === runId) jobs.cancel(active.jobId)
      return run
    },

    /** Halts a running run between two steps; it keeps its place in memory and goes on at once with `resume`. */
    async pause(caller: Caller, runId: string): Promise<Run> {
      const run = await this.run(caller, runId)
      if (active?.runId !== runId || run.state !== 'running')
        throw new ConcordError('run-not-running', 'Only a run that is going on can be paused.')
      learner.pause(runId)
      await db.updateTable('training_run').set({ state: 'paused' }).where('id', '=', runId).execute()
      await tell(runId)
      return this.run(caller, runId)
    },

    async resume(caller: Caller, runId: string): Promise<Run> {
      if (active?.runId === runId) {
        await db.updateTable('training_run').set({ state: 'running' }).where('id', '=', runId).execute()
        learner.resume(runId)
        await tell(runId)
        return this.run(caller, runId)
      }
      return alone(async () => {
        const row = await runs.row(runId)
        if (!['cancelled', 'interrupted', 'failed', 'paused'].includes(row.state))
          throw new ConcordError('run-not-resumable', 'Only a run that was stopped can go on; start a new one.')
        // Of two workstations that go on with it at once one does.
        const { numUpdatedRows } = await db
          .updateTable('training_run')
          .set({ state: 'running', error: null, interrupted_at: null, workstation })
          .where('id', '=', runId)
          .where('state', '=', row.state)
          .executeTakeFirst()
        if (Number(numUpdatedRows) === 0)
          throw new ConcordError('run-not-resumable', 'Another workstation goes on with this run already.')
        return launch(caller, { ...row, workstation }, true)
      })
    },

    /**
     * After others may have taken this workstation for gone: the run goes on if nobody else has gone on with it, and is stopped
     * here if somebody has.
     */
    async claim(): Promise<void> {
      if (!active) return
      const { runId, jobId } = active
      const row = await db
        .selectFrom('training_run')
        .select(['state', 'workstation'])
        .where('id', '=', runId)
        .executeTakeFirst()
      if (row?.workstation !== workstation) return jobs.cancel(jobId)
      if (row.state !== 'interrupted') return
      await db
        .updateTable('training_run')
        .set({ state: 'running', interrupted_at: null })
        .where('id', '=', runId)
        .where('state', '=', 'interrupted')
        .where(isOf(workstation))
        .execute()
    },

    /** Resolves when a run started here is over, however it ended. */
    finished: (runId: string): Promise<void> => endings.get(runId) ?? Promise.resolve(),

    /** At start: a run that was going when the program ended can be resumed; what it prepared is made anew then. */
    async markInterrupted(): Promise<void> {
      const elsewhere = await db
        .selectFrom('training_run')
        .select('id')
        .where('state', 'in', ['running', 'paused'])
        .where('workstation', '!=', workstation)
        .execute()
      for (const run of await readdir(folders.runs).catch(() => []))
        if (!elsewhere.some(({ id }) => id === run))
          await rm(join(folders.runs, run, 'slices.f32'), { force: true }).catch(() => undefined)
      await db
        .updateTable('training_run')
        .set({ state: 'interrupted', interrupted_at: now() })
        .where('state', 'in', ['running', 'paused'])
        .where(isOf(workstation))
        .execute()
    },
  }
}

/** The learner knows scans by identifier, people by pseudonym. */
const inNames = (message: string, rows: readonly LabelRow[]): string =>
  rows.reduce((text, { scanId, pseudonym }) => text.replaceAll(scanId, pseudonym), message)

/** As the caller has placed them; scans that it leaves out take no part. */
function placed(rows: LabelRow[], of: Record<string, Fold>): { folds: Record<string, Fold>; patients: number } {
  const inside = rows.filter(({ scanId }) => of[scanId] !== undefined)
  return { folds: of, patients: new Set(inside.map((r) => r.patientId)).size }
}

/** No patient in two parts; the parts are stratified by label as far as whole patients allow. */
function split(rows: LabelRow[], recipe: Recipe): { folds: Record<string, Fold>; patients: number } {
  const chosen = recipe.site === null ? rows : rows.filter(({ site }) => site === recipe.site)
  const folds = holdOutSplit(
    chosen.map((r) => ({ id: r.scanId, patient: r.patientId, label: r.grade, site: r.site, date: r.scannedOn })),
    recipe.holdOut,
    { validation: recipe.validationShare, test: recipe.testShare, seed: recipe.seed },
  )
  const patients = new Set(chosen.filter(({ scanId }) => folds.has(scanId)).map((r) => r.patientId)).size
  return { folds: Object.fromEntries(folds), patients }
}
