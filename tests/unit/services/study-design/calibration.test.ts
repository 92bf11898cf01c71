import { describe, expect } from 'vitest'
import type { Desk } from '../../../../src/preload/contract/reading.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('calibration', () => {
  it('comes first, shows the known grade after the own vote, and cannot be answered twice', async ({
    at: { program, lead, draft, open, pool, addCase, desk, cast, refusal },
  }) => {
    const known = await pool(3)
    const studyId = await draft('Calibrated')
    await addScans(program.db, studyId, lead, 2)
    for (const [i, scanId] of known.entries()) await addCase(studyId, scanId, 'calibration', i + 2, `Reason ${i}`)
    await open(studyId)
    const first = await desk('r1', studyId)
    expect(first).toMatchObject({ total: 5, calibration: { done: 0, total: 3 }, feedback: null })
    expect(first.current).toMatchObject({ calibration: true, position: 1 })
    // The known grade is nowhere before the vote.
    expect(JSON.stringify(first)).not.toContain('Reason')
    expect(await program.get('r1', 'reading.calibration', { studyId })).toMatchObject({ cases: [], total: 3 })
    let now = first
    const feedback: NonNullable<Desk['feedback']>[] = []
    for (let i = 0; i < 3; i++) {
      now = await cast('r1', now.current!.assignmentId, i === 2 ? null : 3)
      feedback.push(now.feedback!)
      expect(now.undoable).toBeNull()
      expect(await refusal('r1', 'reading.undo', { studyId })).toBe('nothing-to-undo')
    }
    expect(feedback.map((one) => one.left)).toEqual([2, 1, 0])
    expect(feedback.map((one) => one.known).sort()).toEqual([2, 3, 4])
    expect(feedback.every((one) => one.why?.startsWith('Reason'))).toBe(true)
    expect(now.current).toMatchObject({ calibration: false, position: 4 })
    const result = await program.get<{ match: { n: number; same: number; near: number } }>(
      'r1',
      'reading.calibration',
      {
        studyId,
      },
    )
    const graded = feedback.filter((one) => one.grade !== null)
    expect(result).toMatchObject({ total: 3, match: { n: 3, same: graded.filter((one) => one.known === 3).length } })
    // A vote after the calibration can be taken back again.
    expect((await cast('r1', now.current!.assignmentId, 3)).undoable).not.toBeNull()
    expect((await desk('r2', studyId)).calibration).toEqual({ done: 0, total: 3 })
  })
})
