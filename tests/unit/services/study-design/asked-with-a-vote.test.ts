import { describe, expect } from 'vitest'
import { votesSaid } from '../../../fixtures/votes.ts'
import { voteDigest } from '../../../../src/main/store/audit.ts'
import { voteOn } from '../../../fixtures/casting.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('what a vote is asked for', () => {
  it('is kept with it, and missing it nothing is cast', async ({
    at: { program, lead, draft, open, design, desk, cast, refusal },
  }) => {
    const studyId = await draft('Asked')
    await addScans(program.db, studyId, lead, 2)
    await design(studyId, { confidence: true, worstSlice: 'required', slicesPerStack: 8 })
    await program.db.updateTable('scan').set({ dims: '[64,64,16]' }).where('study_id', '=', studyId).execute()
    await open(studyId)
    const { current, ask } = await desk('r1', studyId)
    expect(ask).toMatchObject({ confidence: true, worstSlice: 'required' })
    expect(current!.stacks).toBe(2)
    const id = current!.assignmentId
    const whole = { confidence: 2, worstSlice: 15, stackGrades: [1, 4], lookedMs: 4321 }
    const tried = (grade: number | null, more: object) => refusal('r1', 'reading.cast', voteOn(id, grade, more))
    expect(await tried(4, { ...whole, confidence: null })).toBe('confidence-missing')
    expect(await tried(4, { ...whole, worstSlice: null })).toBe('worst-slice-missing')
    expect(await tried(4, { ...whole, worstSlice: 16 })).toBe('worst-slice-outside')
    expect(await tried(4, { ...whole, stackGrades: null })).toBe('stack-grades-missing')
    expect(await tried(4, { ...whole, stackGrades: [1, 4, 4] })).toBe('stack-grades-missing')
    expect(await tried(3, whole)).toBe('stack-grades-missing')
    expect(await tried(9, { ...whole, stackGrades: [1, 9] })).toBe('grade-unknown')
    expect(await program.db.selectFrom('vote').selectAll().execute()).toEqual([])
    await cast('r1', id, 4, whole)
    expect((await votesSaid(program))[0]).toMatchObject({
      ...{ grade: 4, confidence: 2, worst_slice: 15, stack_grades: '[1,4]', looked_ms: 4321 },
    })
    expect(await program.get('r1', 'reading.progress', { studyId })).toMatchObject({ medianSeconds: 4.321, timed: 1 })
    // What cannot be graded needs its reason alone.
    const next = (await desk('r1', studyId)).current!
    expect((await cast('r1', next.assignmentId, null)).undoable).toMatchObject({ grade: null, reason: 'metal' })
    // What the audit trail attests of a vote holds these too.
    for (const one of await program.db.selectFrom('vote').selectAll().execute()) {
      const entry = program.db.selectFrom('audit').select('row_digest').where('subject', '=', one.id)
      const { row_digest } = await entry.executeTakeFirstOrThrow()
      expect(row_digest).toBe(voteDigest(one))
      expect(voteDigest({ ...one, looked_ms: 1 })).not.toBe(row_digest)
    }
  })

  it('is left out where the study does not ask', async ({ at: { program, lead, draft, open, design, desk, cast } }) => {
    const studyId = await draft('Plain')
    await addScans(program.db, studyId, lead, 1)
    await design(studyId, { worstSlice: 'off' })
    await open(studyId)
    const { current } = await desk('r1', studyId)
    await cast('r1', current!.assignmentId, 2, { confidence: 3, worstSlice: 1, stackGrades: [1, 2] })
    expect((await votesSaid(program))[0]).toMatchObject({
      ...{ confidence: null, worst_slice: null, stack_grades: null },
    })
  })
})
