import type { Candidate, Design, KnownCase } from '../../../preload/contract/design.ts'
import { kappaVariance, kappaWidth, scansForWidth } from '../../domain/sample-size.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { recordStudy } from '../../store/witness/record.ts'
import { candidatesFor } from './case-candidates.ts'
import { readsIn, requireGrade, scaleOf, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { designOf } from '../design-of.ts'
import type { Models } from '../models/index.ts'
import { modelsOnScale } from './paired-models.ts'
import { refuseInQueue } from './ready.ts'
import { requireDraft } from './index.ts'

/** How a study is to be read, and the scans of known grade it uses. All of it is fixed when the study opens. */
export function createDesigns({ db, announce, sealing, models }: ServiceBase & { models: Models }) {
  async function write(
    caller: Caller,
    study: Row<'study'>,
    act: string,
    change: (t: Connection) => Promise<unknown>,
  ): Promise<void> {
    await db.transaction().execute(async (t) => {
      await requireDraft(t, study.id)
      await change(t)
      await recordStudy(t, { accountId: caller.accountId, act }, study.id)
    })
    announce.studyChanged(study.id)
  }

  return {
    async get(caller: Caller, studyId: string) {
      const study = await studyOf(db, studyId)
      const design = designOf(study)
      // One who reads here too could tell from the seed which scans come again.
      const reads = study.state === 'open' && (await readsIn(db, study.id, caller.accountId))
      return {
        design: reads ? { ...design, seed: null } : design,
        cases: await visibleCases(db, caller, study),
        editable: study.state === 'draft',
      }
    },

    async set(caller: Caller, { studyId, design }: { studyId: string; design: Design }): Promise<Design> {
      const study = await requireDraft(db, studyId)
      if (design.pairedModelId !== null) {
        if (design.repeats > 0 || design.rounds > 1)
          throw new ConcordError(
            'design-paired',
            'After the model’s grade was shown, a second reading of the scan is not independent: choose paired reading, or repeats and rounds.',
            'pairedModelId',
          )
        const usable = await modelsOnScale(db, caller, study)
        if (!usable.some((model) => model.id === design.pairedModelId))
          throw new ConcordError(
            'model-unknown',
            'There is no such model for the grades of this study.',
            'pairedModelId',
          )
      }
      for (const placer of design.region.placers) {
        const account = await db.selectFrom('account').select('state').where('id', '=', placer).executeTakeFirst()
        if (account?.state !== 'active')
          throw new ConcordError(
            'account-unknown',
            'One of those who are to place regions has no open account.',
            'region',
          )
      }
      await write(caller, study, 'study.designed', (t) =>
        t
          .updateTable('study')
          .set({ design: JSON.stringify(design) })
          .where('id', '=', study.id)
          .execute(),
      )
      return design
    },

    async candidates(caller: Caller, studyId: string): Promise<Candidate[]> {
      return candidatesFor(db, sealing, await studyOf(db, studyId), caller)
    },

    async addCase(
      caller: Caller,
      wanted: { studyId: string; scanId: string; use: KnownCase['use']; grade: number; why: string | null },
    ): Promise<KnownCase[]> {
      const study = await requireDraft(db, wanted.studyId)
      requireGrade(scaleOf(study), wanted.grade)
      if (wanted.use === 'hidden' && (await readsIn(db, study.id, caller.accountId)))
        throw new ConcordError(
          'blinded',
          'You read in this study and must not know its hidden cases. Ask another lead to choose them.',
        )
      const candidate = (await candidatesFor(db, sealing, study, caller)).find((one) => one.scanId === wanted.scanId)
      if (!candidate)
        throw new ConcordError('scan-unknown', 'This scan cannot be a known case of this study.', 'scanId')
      await refuseInQueue(db, study.id, wanted.scanId)
      const row: Row<'known_case'> = {
        id: newId(),
        study_id: study.id,
        scan_id: wanted.scanId,
        use: wanted.use,
        grade: wanted.grade,
        why: wanted.why ?? candidate.why,
        motion_mm: wanted.grade === candidate.grade ? candidate.motionMm : null,
        origin: wanted.grade === candidate.grade ? candidate.origin : 'named',
        added_by: caller.accountId,
        added_at: now(),
      }
      await write(caller, study, 'study.case-added', async (t) => {
        if (await sameContentCase(t, study.id, wanted.scanId))
          throw new ConcordError('case-once', 'This scan is a known case of the study already; it can be only one.')
        await t.insertInto('known_case').values(row).execute()
      })
      return visibleCases(db, caller, study)
    },

    async removeCase(caller: Caller, { studyId, caseId }: { studyId: string; caseId: string }): Promise<KnownCase[]> {
      const study = await requireDraft(db, studyId)
      await write(caller, study, 'study.case-removed', (t) =>
        t.deleteFrom('known_case').where('id', '=', caseId).where('study_id', '=', studyId).execute(),
      )
      return visibleCases(db, caller, study)
    },

    async pairable(caller: Caller, studyId: string) {
      return modelsOnScale(db, caller, await studyOf(db, studyId))
    },

    async predict(caller: Caller, { studyId, modelId }: { studyId: string; modelId: string }) {
      await requireDraft(db, studyId)
      return models.predict(caller, { modelId, scope: 'reading', studyId })
    },

    sampleSize(asked: { readers: number; kappa: number; shares: number[]; width: number }) {
      const variance = kappaVariance(asked.readers, asked.kappa, asked.shares)
      if (variance === null)
        throw new ConcordError(
          'shares-one-grade',
          'Expect at least two grades: with one alone there is no kappa.',
          'shares',
        )
      return {
        needed: variance === 0 ? null : scansForWidth(asked.width, variance),
        points: [25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000].map((scans) => ({
          scans,
          width: kappaWidth(scans, variance),
        })),
      }
    },
  }
}

/** A lead who reads in the study is not told its hidden cases. */
async function visibleCases(connection: Connection, caller: Caller, study: Row<'study'>): Promise<KnownCase[]> {
  const reads = await readsIn(connection, study.id, caller.accountId)
  const rows = await connection
    .selectFrom('known_case')
    .innerJoin('scan', 'scan.id', 'known_case.scan_id')
    .innerJoin('study', 'study.id', 'scan.study_id')
    .select([
      'known_case.id as id',
      'known_case.scan_id as scanId',
      'known_case.use as use',
      'known_case.grade as grade',
      'known_case.why as why',
      'known_case.motion_mm as motionMm',
      'known_case.origin as origin',
      'scan.pseudonym as pseudonym',
      'scan.site as site',
      'scan.side as side',
      'study.title as studyTitle',
    ])
    .where('known_case.study_id', '=', study.id)
    .$if(reads, (query) => query.where('known_case.use', '!=', 'hidden'))
    .orderBy('known_case.use')
    .orderBy('known_case.grade')
    .orderBy('known_case.id')
    .execute()
  return rows
}

async function sameContentCase(connection: Connection, studyId: string, scanId: string): Promise<boolean> {
  const same = await connection
    .selectFrom('known_case')
    .innerJoin('scan', 'scan.id', 'known_case.scan_id')
    .innerJoin('scan as wanted', 'wanted.content_sha256', 'scan.content_sha256')
    .select('known_case.id')
    .where('known_case.study_id', '=', studyId)
    .where('wanted.id', '=', scanId)
    .executeTakeFirst()
  return same !== undefined
}
