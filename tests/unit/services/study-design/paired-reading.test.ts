import { describe, expect } from 'vitest'
import { plainDesign } from '../../../../src/preload/contract/design.ts'
import type { Quality } from '../../../../src/preload/contract/analysis.ts'
import type { Desk } from '../../../../src/preload/contract/reading.ts'
import { newId, now } from '../../../../src/main/store/identity.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it, type Designing } from '../../../fixtures/design-study.ts'

/** A model, its run and its labels as rows alone. */
async function addModel({ program, lead }: Designing, studyId: string, modelId: string): Promise<void> {
  const { db } = program
  const setId = newId()
  const runId = newId()
  await db
    .insertInto('label_set')
    .values({
      ...{ id: setId, study_id: studyId, name: 'Labels', rule: 'majority', digest: 'd', unresolved: 0 },
      ...{ created_by: lead, created_at: now() },
    } as never)
    .execute()
  await db
    .insertInto('training_run')
    .values({
      ...{ id: runId, study_id: studyId, label_set_id: setId, recipe: '{}', folds: '{}', state: 'done' },
      ...{ started_by: lead, started_at: now(), seconds: 1 },
    } as never)
    .execute()
  await db
    .insertInto('model')
    .values({
      ...{ id: modelId, study_id: studyId, run_id: runId, name: 'walle2023', sha256: 'x', parameters: 1 },
      ...{ origin: 'run', created_at: now() },
    } as never)
    .execute()
}

async function addPrediction({ program }: Designing, modelId: string, scanId: string, grade: number): Promise<void> {
  await program.db
    .insertInto('prediction')
    .values({
      ...{ model_id: modelId, scan_id: scanId, grade, expected_grade: grade, uncertainty: 0, rule: 'mean', tie: 0 },
      ...{ probabilities: '[]', slices: '[]', at: now() },
    } as never)
    .execute()
}

describe('paired reading', () => {
  it('shows the model’s grade after the own first vote alone, keeps both votes, and counts the switches', async ({
    at,
  }) => {
    const { program, lead, readers, draft, open, design, pool, addCase, desk, cast, refusal, readQueue } = at
    const trained = await draft('Trained')
    const modelId = newId()
    const studyId = await draft('Paired')
    const scans = await addScans(program.db, studyId, lead, 4)
    await addModel(at, trained, modelId)
    expect(await refusal('lead', 'designs.set', { studyId, design: { ...plainDesign, pairedModelId: newId() } })).toBe(
      'model-unknown',
    )
    const paired = { ...plainDesign, pairedModelId: modelId }
    expect(await refusal('lead', 'designs.set', { studyId, design: { ...paired, repeats: 10 } })).toBe('design-paired')
    await design(studyId, paired)
    expect(await program.get('lead', 'designs.models', { studyId })).toMatchObject([
      { id: modelId, predicted: 0, scans: 4 },
    ])
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers })
    expect(await refusal('lead', 'studies.open', { studyId })).toBe('predictions-missing')
    // A hidden case would be the one scan after which no model speaks.
    const [known] = await pool(1)
    const [added] = await addCase(studyId, known!, 'hidden', 1)
    expect(await refusal('lead', 'studies.open', { studyId })).toBe('design-paired')
    await program.get('lead', 'designs.removeCase', { studyId, caseId: added!.id })
    for (const scan of scans) await addPrediction(at, modelId, scan, 5)
    await open(studyId)

    const first = await desk('r1', studyId)
    expect(first).toMatchObject({ total: 4, current: { second: null, position: 1 } })
    expect(first.ahead.length).toBe(2)
    expect(first.ahead.map((one) => one.position)).toEqual([2, 3])
    const second = await cast('r1', first.current!.assignmentId, 2)
    expect(second.current).toMatchObject({
      ...{ scanId: first.current!.scanId, pseudonym: first.current!.pseudonym, position: 1 },
      second: { modelGrade: 5, firstGrade: 2, firstReason: null },
    })
    // Seen the model's grade: the first vote stands.
    expect(second.undoable).toBeNull()
    expect(await refusal('r1', 'reading.undo', { studyId })).toBe('nothing-to-undo')
    const third = await cast('r1', second.current!.assignmentId, 5)
    expect(third.current).toMatchObject({ second: null, position: 2 })
    // The second vote can be taken back, and its scan shows the model's grade again.
    expect((await program.get<Desk>('r1', 'reading.undo', { studyId })).current).toMatchObject({
      second: { modelGrade: 5 },
    })
    await cast('r1', second.current!.assignmentId, 4)
    await readQueue('r1', studyId, (now) => (now.current!.second ? 3 : now.current!.position === 2 ? 5 : 3))
    // Before any vote of r2 nothing of the model is sent, whatever r1 has seen.
    expect(JSON.stringify(await desk('r2', studyId))).not.toContain('modelGrade":')
    const { readers: results, shownModel } = await program.get<Quality>('lead', 'analysis.quality', { studyId })
    const { name } = await program.db
      .selectFrom('model')
      .select('name')
      .where('id', '=', modelId)
      .executeTakeFirstOrThrow()
    expect(shownModel).toBe(name)
    // (2, 4), (5, 3), (3, 3), (3, 3) beside the model's 5.
    expect(results.map((one) => one.paired!).filter((one) => one.n > 0)).toMatchObject([
      { n: 4, switched: 2, rate: 0.5, towards: 1, away: 1, acrossCut: 2, withModelBefore: 1, withModelAfter: 0 },
    ])
    // Consensus is made of the first votes.
    const votes = await program.services.analysis.votes(
      (await program.get<{ session: never }>('lead', 'accounts.state')).session,
      studyId,
    )
    expect(votes.votes.map((one) => one.grade).sort()).toEqual([2, 3, 3, 5])
  })
})
