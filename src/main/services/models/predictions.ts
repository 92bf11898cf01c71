import type { Combination, Heat, Prediction } from '../../../preload/contract/models.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { Row } from '../../store/schema.ts'
import type { Caller } from '../context.ts'
import { createGrading, type GradingParts } from './grading.ts'
import { isUnsure } from './scan-prediction.ts'

/** What models say of scans, apart from the votes: written by nobody but the learner, read by nobody who is blinded. */
export function createPredictions(parts: GradingParts & { jobs: Jobs }) {
  const { db, jobs, learner, volumePath, rows } = parts
  const { regionsFor, work } = createGrading(parts)

  return {
    /**
     * Grades scans as a job; what was graded before it is stopped stays. Errors: `no-scans`, `model-retired`, `roi-missing`.
     * @param request `studyId`: another study whose scans the model is to grade, for paired reading; else the model's own.
     */
    async predict(
      caller: Caller,
      request: {
        modelId: string
        scope: 'unread' | 'all' | 'reading'
        rule?: Combination | undefined
        studyId?: string
      },
    ): Promise<{ jobId: string; ended: Promise<void> }> {
      const row = await rows.of(caller, request.modelId)
      await rows.requireInUse(row)
      const studyId = request.studyId ?? row.study_id
      const scans = await db
        .selectFrom('scan')
        .select(['id', 'content_sha256', 'pseudonym'])
        .where('study_id', '=', studyId)
        .$if(request.scope !== 'all', (q) => q.where('purpose', '=', request.scope as Row<'scan'>['purpose']))
        .orderBy('pseudonym')
        .execute()
      if (scans.length === 0)
        throw new ConcordError(
          'no-scans',
          'There is no scan for the network to grade. Import some and keep them for it.',
        )
      for (const network of await rows.networks(row)) await regionsFor(network, studyId, scans)
      const { job, ended } = await jobs.start({ kind: 'inference', studyId, accountId: caller.accountId }, (control) =>
        work(caller, row, scans, request.rule ?? 'mean', control, studyId),
      )
      return { jobId: job.id, ended }
    },

    async predictions(caller: Caller, modelId: string): Promise<Prediction[]> {
      const model = await rows.of(caller, modelId)
      const found = await db
        .selectFrom('prediction')
        .innerJoin('scan', 'scan.id', 'prediction.scan_id')
        .selectAll('prediction')
        .select(['scan.pseudonym', 'scan.site', 'scan.side', 'scan.purpose'])
        .where('model_id', '=', model.id)
        // What it said of another study's scans belongs to that study's readers.
        .where('scan.study_id', '=', model.study_id)
        .orderBy('uncertainty', 'desc')
        .execute()
      return found.map((p) => ({
        scanId: p.scan_id,
        pseudonym: p.pseudonym,
        site: p.site,
        side: p.side,
        grade: p.grade,
        expectedGrade: p.expected_grade,
        uncertainty: p.uncertainty,
        unsure: isUnsure(p),
        rule: p.rule,
        tie: p.tie === 1,
        sliceDisagreement: p.slice_disagreement,
        memberDisagreement: p.member_disagreement,
        withReaders: p.purpose === 'reading',
        probabilities: JSON.parse(p.probabilities) as number[],
        slices: JSON.parse(p.slices) as Prediction['slices'],
      }))
    },

    /** Grad-CAM of one slice, by one network. Errors: `heat-of-ensemble`, `scan-unknown`, `slice-unknown`, `grade-unknown`, `roi-missing`. */
    async heat(
      caller: Caller,
      request: { modelId: string; scanId: string; slice: number; grade: number | null },
    ): Promise<Heat> {
      const row = await rows.of(caller, request.modelId)
      if (row.origin === 'ensemble')
        throw new ConcordError('heat-of-ensemble', 'Choose one of the networks of the ensemble: each looks elsewhere.')
      const scan = await db
        .selectFrom('scan')
        .select('content_sha256')
        .where('id', '=', request.scanId)
        .where('study_id', '=', row.study_id)
        .executeTakeFirst()
      if (!scan) throw new ConcordError('scan-unknown', 'There is no such scan in the study of this model.')
      const region = (await regionsFor(row, row.study_id, [{ id: request.scanId }])).get(request.scanId)
      return learner.heat({
        ...(region ? { region } : {}),
        modelFolder: rows.folderOf(row),
        sha256: row.sha256,
        cachePath: volumePath(scan.content_sha256),
        slice: request.slice,
        grade: request.grade,
      })
    },
  }
}
