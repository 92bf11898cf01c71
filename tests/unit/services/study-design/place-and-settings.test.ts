import { describe, expect } from 'vitest'
import { addScans } from '../../../fixtures/program.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('a reader’s place and settings', () => {
  it('are found again, belong to the person, and the place to the scan in front', async ({
    at: { program, lead, draft, open, desk, cast, refusal },
  }) => {
    const studyId = await draft('Places')
    await addScans(program.db, studyId, lead, 3)
    await open(studyId)
    const { current } = await desk('r1', studyId)
    const place = { slice: 5, window: { level: 100.5, width: 640, preset: null }, lookedMs: 1200 }
    expect((await desk('r1', studyId)).place).toBeNull()
    await program.get('r1', 'reading.keepPlace', { assignmentId: current!.assignmentId, place: { ...place, slice: 1 } })
    await program.get('r1', 'reading.keepPlace', { assignmentId: current!.assignmentId, place })
    expect((await desk('r1', studyId)).place).toEqual(place)
    expect((await desk('r2', studyId)).place).toBeNull()
    expect(await refusal('r2', 'reading.keepPlace', { assignmentId: current!.assignmentId, place })).toBe(
      'assignment-unknown',
    )
    await cast('r1', current!.assignmentId, 1)
    expect((await desk('r1', studyId)).place).toBeNull()
    expect(await refusal('r1', 'reading.keepPlace', { assignmentId: current!.assignmentId, place })).toBe(
      'assignment-unknown',
    )

    const own = { keys: { invert: 'K' }, breakMinutes: null }
    await program.get('r1', 'reading.keepSettings', own)
    expect(await program.get('r1', 'reading.settings')).toEqual(own)
    expect(await program.get('r2', 'reading.settings')).toMatchObject({ keys: {} })
    await program.db.updateTable('account_setting').set({ value: '{"keys":7}' }).execute()
    expect(await program.get('r1', 'reading.settings')).toMatchObject({ keys: {} })
  })
})
