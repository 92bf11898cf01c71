import { join } from 'node:path'
import type { Scale } from '../../preload/contract/common.ts'
import type { Model, Prediction, Recipe } from '../../preload/contract/training.ts'
import { ConcordError } from '../domain/error.ts'
import type { Fold } from '../domain/splits.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { LearnerHost } from '../learning/host.ts'
import { readModel, saveModel } from '../learning/model-file.ts'
import type { ScanPrediction, TrainResult } from '../learning/types.ts'
import { digestOf, record } from '../store/audit.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import { modelDigest } from '../store/witnesses.ts'
import { refuseBlinded, scaleOf, studyOf, type Caller, type ServiceBase } from './context.ts'
import type { HeldOutFigures } from './figures.ts'
import { storedRecipe, withoutPaths } from './recipe.ts'

export type Models = ReturnType<typeof createModels>

/** Above this normalised entropy a scan goes on the list of the unsure: half of what no idea at all would be. */
export const unsureFrom = 0.5

/** Trained networks, kept by the digest of their files, and what they say of scans. A model never votes. */
export function createModels({
  db,
  announce,
  jobs,
  learner,
  folders,
  volumePath,
}: ServiceBase & {
  jobs: Jobs
  learner: LearnerHost
  folders: { models: string }
  volumePath(sha256: string): string
}) {
  const modelRow = async (caller: Caller, modelId: string): Promise<Row<'model'>> => {
    const row = await db.selectFrom('model').selectAll().where('id', '=', modelId).executeTakeFirst()
    if (!row) throw new ConcordError('model-unknown', 'There is no such model.')
    await refuseBlinded(db, caller, await studyOf(db, row.study_id))
    return row
  }

  async function view(row: Row<'model'>): Promise<Model> {
    const run = await db.selectFrom('training_run').selectAll().where('id', '=', row.run_id).executeTakeFirstOrThrow()
    const set = await db
      .selectFrom('label_set')
      .selectAll()
      .where('id', '=', run.label_set_id)
      .executeTakeFirstOrThrow()
    const recipe = storedRecipe(run.recipe)
    const figures = run.figures ? (JSON.parse(run.figures) as Pick<Model, 'test' | 'validation'>) : null
    return {
      id: row.id,
      runId: row.run_id,
      studyId: row.study_id,
      name: row.name,
      network: recipe.network,
      sha256: row.sha256,
      labelSetName: set.name,
      votesDigest: set.digest,
      parameters: row.parameters,
      device: run.device ?? '',
      versions: run.versions ? (JSON.parse(run.versions) as Record<string, string>) : {},
      recipe,
      test: figures?.test ?? null,
      validation: figures?.validation ?? null,
      createdAt: row.created_at,
    }
  }

  return {
    /** Keeps a finished run's weights with a card that says what they were trained on. */
    async register(
      caller: Caller,
      trained: {
        row: Row<'training_run'>
        labelSet: Row<'label_set'>
        recipe: Recipe
        result: TrainResult
        figures: { validation: HeldOutFigures | null; test: HeldOutFigures | null }
        folds: Record<string, Fold>
        scale: Scale
      },
    ): Promise<void> {
      const { row, labelSet, recipe, result, figures, folds, scale } = trained
      const saved = saveModel(folders.models, {
        network: recipe.network,
        classes: scale.grades.map((g) => g.value),
        preprocessing: result.preprocessing,
        ...(result.head === 'softmax' ? {} : { head: result.head }),
        weightsPath: result.weightsPath,
        card: {
          labelSet: { name: labelSet.name, rule: labelSet.rule, votesDigest: labelSet.digest },
          split: folds,
          recipe: withoutPaths(recipe),
          bestEpoch: result.bestEpoch,
          epochsRun: result.epochsRun,
          device: result.device,
          versions: result.versions,
          engine: result.engine,
          figures,
          intendedUse:
            'Research and quality control in the department that trained it. It proposes a grade; it does not decide.',
          trainedAt: now(),
        },
      })
      const { parameters } = await learner.describe(recipe.network, {
        classes: scale.grades.length,
        imageSize: recipe.imageSize,
        head: result.head,
      })
      const model: Row<'model'> = {
        id: newId(),
        study_id: row.study_id,
        run_id: row.id,
        name: `${recipe.network} · ${labelSet.name} · seed ${recipe.seed}`,
        sha256: saved.sha256,
        parameters,
        created_at: now(),
      }
      await db.transaction().execute(async (t) => {
        await t.insertInto('model').values(model).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'model.registered',
          subject: model.id,
          rowDigest: modelDigest(model),
        })
      })
    },

    async list(caller: Caller, studyId: string): Promise<Model[]> {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const rows = await db
        .selectFrom('model')
        .selectAll()
        .where('study_id', '=', studyId)
        .orderBy('id', 'desc')
        .execute()
      return Promise.all(rows.map(view))
    },

    async card(caller: Caller, modelId: string) {
      const row = await modelRow(caller, modelId)
      return readModel(join(folders.models, row.sha256), row.sha256)
    },

    /** `studyId`: another study whose scans the model is to grade, for paired reading; else the model's own. */
    async predict(
      caller: Caller,
      request: { modelId: string; scope: 'unread' | 'all' | 'reading'; studyId?: string },
    ) {
      const row = await modelRow(caller, request.modelId)
      const study = await studyOf(db, request.studyId ?? row.study_id)
      const scans = await db
        .selectFrom('scan')
        .select(['id', 'content_sha256'])
        .where('study_id', '=', study.id)
        .$if(request.scope !== 'all', (q) => q.where('purpose', '=', request.scope as Row<'scan'>['purpose']))
        .orderBy('pseudonym')
        .execute()
      if (scans.length === 0)
        throw new ConcordError(
          'no-scans',
          'There is no scan for the network to grade. Import some and keep them for it.',
        )
      const { job, ended } = await jobs.start(
        { kind: 'inference', studyId: study.id, accountId: caller.accountId },
        async (control) => {
          const predictions = await learner.infer(
            {
              modelFolder: join(folders.models, row.sha256),
              sha256: row.sha256,
              rescanFrom: scaleOf(study).rescanFrom,
              scans: scans.map((s) => ({ scanId: s.id, cachePath: volumePath(s.content_sha256) })),
            },
            {
              signal: control.signal,
              onProgress: (progress) => control.progress(progress.done, progress.total, progress.stage),
            },
          )
          await keep(row.id, predictions)
          await db.transaction().execute((t) =>
            record(t, {
              accountId: caller.accountId,
              act: 'model.predicted',
              subject: row.id,
              rowDigest: digestOf(
                row.id,
                predictions.map((p) => [p.scanId, p.grade]),
              ),
            }),
          )
          control.progress(scans.length, scans.length, '')
          announce.studyChanged(study.id)
        },
      )
      return { jobId: job.id, ended }
    },

    async predictions(caller: Caller, modelId: string): Promise<Prediction[]> {
      const model = await modelRow(caller, modelId)
      const rows = await db
        .selectFrom('prediction')
        .innerJoin('scan', 'scan.id', 'prediction.scan_id')
        .selectAll('prediction')
        .select(['scan.pseudonym as pseudonym', 'scan.site as site', 'scan.side as side'])
        .where('model_id', '=', model.id)
        // What it said of another study's scans belongs to that study's readers.
        .where('scan.study_id', '=', model.study_id)
        .orderBy('uncertainty', 'desc')
        .execute()
      return rows.map((p) => ({
        scanId: p.scan_id,
        pseudonym: p.pseudonym,
        site: p.site,
        side: p.side,
        grade: p.grade,
        expectedGrade: p.expected_grade,
        uncertainty: p.uncertainty,
        unsure: p.uncertainty >= unsureFrom,
        probabilities: JSON.parse(p.probabilities) as number[],
        slices: JSON.parse(p.slices) as Prediction['slices'],
      }))
    },
  }

  async function keep(modelId: string, predictions: ScanPrediction[]): Promise<void> {
    await db.transaction().execute(async (t) => {
      for (const p of predictions) {
        const row = {
          grade: p.grade,
          expected_grade: p.expectedGrade,
          uncertainty: p.uncertainty,
          probabilities: JSON.stringify(p.probabilities),
          slices: JSON.stringify(p.slices.map((s) => ({ index: s.slice, probabilities: s.probabilities }))),
          at: now(),
        }
        await t
          .insertInto('prediction')
          .values({ model_id: modelId, scan_id: p.scanId, ...row })
          .onConflict((c) => c.columns(['model_id', 'scan_id']).doUpdateSet(row))
          .execute()
      }
    })
  }
}
