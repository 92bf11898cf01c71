import { randomUUID } from 'node:crypto'
import type { Combination, Model } from '../../../preload/contract/models.ts'
import { ConcordError } from '../../domain/error.ts'
import { clearDrafts } from '../../files/drafts.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { readCard, readDescription, saveEnsemble } from '../../learning/model-file.ts'
import type { Evaluator } from '../../statistics/evaluator.ts'
import { record } from '../../store/audit.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { modelRetiredDigest } from '../../store/witness/digests.ts'
import { recordModel } from '../../store/witness/record.ts'
import { refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { createEvaluations } from './evaluations.ts'
import { createModelPackages } from './packages.ts'
import { networkCard, type Maker } from './card.ts'
import { createModelRows, intendedUse } from './rows.ts'
import { createPredictions } from './predictions.ts'
import type { Trained } from '../training/trained.ts'
import { createSendBack } from './send-back.ts'

export type Models = ReturnType<typeof createModels>

/** Trained networks, kept by the digest of their files, and what they say of scans. A model never votes. */
export function createModels(
  surroundings: ServiceBase & {
    jobs: Jobs
    learner: LearnerHost
    evaluator: Evaluator
    folders: { models: string }
    version: string
    commit: string | null
    volumePath(sha256: string): string
  },
) {
  const { db, announce, learner, evaluator, folders, version, commit } = surroundings
  const program: Maker = { version, commit }
  const rows = createModelRows(surroundings)
  const parts = { ...surroundings, rows }
  const { pooledValidation, ...evaluations } = createEvaluations(parts)

  return {
    ...createPredictions(parts),
    ...evaluations,
    ...createModelPackages(parts),
    ...createSendBack(parts),

    /** Keeps a finished run's weights with a card that says what they were trained on, and what it said of held-out scans. */
    async register(caller: Caller, trained: Trained): Promise<void> {
      const { row, labels, recipe, result, scale } = trained
      const classes = scale.grades.map((g) => g.value)
      const of = new Map(labels.map((label) => [label.scanId, label]))
      const choice = await evaluator.compute(
        'temperature',
        result.validation.map(({ scanId, probabilities }) => {
          const { grade, patientId } = of.get(scanId)!
          return { probabilities, label: classes.indexOf(grade), patient: patientId }
        }),
      )
      const saved = await learner.saveModel(folders.models, {
        network: recipe.network,
        classes,
        temperature: choice.temperature,
        preprocessing: result.preprocessing,
        ...(result.head === 'softmax' ? {} : { head: result.head }),
        weightsPath: result.weightsPath,
        card: await networkCard(db, trained, { of: 'whole', ...choice }, program),
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
        name: nameOf(trained),
        sha256: saved.sha256,
        parameters,
        origin: 'run',
        created_at: now(),
      }
      await db.transaction().execute(async (t) => {
        await t.insertInto('model').values(model).execute()
        for (const part of ['validation', 'test'] as const)
          for (const { scanId, grade, probabilities } of result[part])
            await t
              .insertInto('held_out')
              .values({
                ...{ model_id: model.id, scan_id: scanId, part, grade },
                probabilities: JSON.stringify(probabilities),
              })
              .execute()
        await recordModel(t, { accountId: caller.accountId, act: 'model.registered' }, model)
      })
    },

    /** At start: models that were being written when the program ended. */
    clearDrafts: () => clearDrafts(folders.models),

    async list(caller: Caller, studyId: string): Promise<Model[]> {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const found = await db
        .selectFrom('model')
        .selectAll()
        .where('study_id', '=', studyId)
        .orderBy('id', 'desc')
        .execute()
      return Promise.all(found.map((row) => rows.view(row)))
    },

    async card(caller: Caller, modelId: string): Promise<Record<string, unknown>> {
      const row = await rows.of(caller, modelId)
      return readCard(rows.folderOf(row))
    },

    /**
     * One model of several. Its networks stay what they are; only networks can be combined, not ensembles. A mean of scaled answers is
     * not itself well scaled (R. Rahaman & A. Thiery, Uncertainty quantification and deep ensembles, NeurIPS 2021): where the
     * networks have validation scans in common, their unscaled answers are combined and then scaled by a temperature of the
     * ensemble. Where they have none (folds, networks from elsewhere), each is scaled by its own before they are combined.
     */
    async combine(
      caller: Caller,
      request: { studyId: string; name: string; modelIds: string[]; rule: Combination },
    ): Promise<Model> {
      const chosen: Row<'model'>[] = []
      for (const modelId of new Set(request.modelIds)) {
        const row = await rows.of(caller, modelId)
        if (row.study_id !== request.studyId) throw new ConcordError('model-unknown', 'The model is of another study.')
        await rows.requireInUse(row)
        chosen.push(row)
      }
      if (chosen.length < 2) throw new ConcordError('ensemble-too-few', 'An ensemble needs two models or more.')
      const described = chosen.map((row) => readDescription(rows.folderOf(row)))
      const scales = new Set(described.map(({ classes }) => classes.join()))
      if (described.some(({ kind }) => kind === 'ensemble') || scales.size > 1)
        throw new ConcordError('ensemble-scales', 'Only networks that give the same grades can be combined.')
      const taken = await db
        .selectFrom('model')
        .select('id')
        .where('study_id', '=', request.studyId)
        .where('name', '=', request.name)
        .executeTakeFirst()
      if (taken) throw new ConcordError('name-taken', `There is a model "${request.name}" already.`, 'name')
      const views = await Promise.all(chosen.map((row) => rows.view(row)))
      const choice = await evaluator.compute('temperature', await pooledValidation(chosen, request.rule))
      const pooled = choice.reason !== 'few-patients'
      const saved = saveEnsemble(folders.models, {
        rule: request.rule,
        classes: described[0]!.classes,
        members: chosen.map((row) => row.sha256),
        ...(pooled ? { temperature: choice.temperature } : {}),
        card: {
          members: views.map(({ name, sha256, network, labelSetName, votesDigest }) => ({
            ...{ name, sha256, network, labelSet: { name: labelSetName, votesDigest } },
          })),
          labelSet: {
            name: [...new Set(views.map((v) => v.labelSetName))].join(', '),
            votesDigest: [...new Set(views.map((v) => v.votesDigest))].join(', '),
          },
          scaling: { of: pooled ? 'whole' : 'members', ...choice },
          ties: 'the higher mean probability, then the lower grade',
          intendedUse,
          madeAt: now(),
          id: randomUUID(),
        },
      })
      const model: Row<'model'> = {
        id: newId(),
        study_id: request.studyId,
        run_id: null,
        name: request.name,
        sha256: saved.sha256,
        parameters: chosen.reduce((sum, row) => sum + row.parameters, 0),
        origin: 'ensemble',
        created_at: now(),
      }
      await db.transaction().execute(async (t) => {
        await t.insertInto('model').values(model).execute()
        for (const [place, row] of chosen.entries())
          await t.insertInto('model_member').values({ ensemble_id: model.id, model_id: row.id, place }).execute()
        await recordModel(t, { accountId: caller.accountId, act: 'model.combined' }, model)
      })
      announce.studyChanged(request.studyId)
      return rows.view(model)
    },

    /** Out of use, and why: nothing of it is removed, and the trail says who did it. */
    async retire(caller: Caller, { modelId, reason }: { modelId: string; reason: string }): Promise<Model> {
      const row = await rows.of(caller, modelId)
      await rows.requireInUse(row)
      const retired = { model_id: row.id, reason, account_id: caller.accountId, at: now() }
      await db.transaction().execute(async (t) => {
        await t.insertInto('model_retired').values(retired).execute()
        await record(t, {
          accountId: caller.accountId,
          act: 'model.retired',
          subject: row.id,
          rowDigest: modelRetiredDigest(retired),
        })
      })
      announce.studyChanged(row.study_id)
      return rows.view(row)
    },
  }
}

/** One that was trained again is told apart from the first by its name. */
const nameOf = ({ recipe, labelSet, reproduces }: Trained): string =>
  reproduces
    ? `${reproduces.name} ↻ ${now().slice(0, 19).replace('T', ' ')} UTC`
    : `${recipe.network} · ${labelSet.name} · seed ${recipe.seed}`
