import { describe, expect } from 'vitest'
import type { Queue } from '../../../../src/preload/contract/reading.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('the own queues', () => {
  it('say how far each is and whether something can be read now, of open studies and for the own part alone', async ({
    at: { program, lead, draft, open, design, desk, cast, readQueue },
  }) => {
    const queues = (reader: string) => program.get<Queue[]>(reader, 'reading.queues')
    const [begun, twice] = [await draft('Begun'), await draft('Twice')]
    await addScans(program.db, await draft('A draft'), lead, 2)
    await addScans(program.db, begun, lead, 3)
    await addScans(program.db, twice, lead, 2)
    await design(twice, { rounds: 2, roundGapDays: 14 })
    expect(await queues('r1')).toEqual([])
    await open(begun)
    await open(twice)
    const untouched = { done: 0, ready: true, round: 1, opensAt: null }
    expect(await queues('r1')).toEqual([
      { ...untouched, studyId: begun, total: 3 },
      { ...untouched, studyId: twice, total: 4 },
    ])

    await cast('r1', (await desk('r1', begun)).current!.assignmentId, 2)
    const last = (await readQueue('r1', twice, () => 2)).at(-1)!
    expect(await queues('r1')).toEqual([
      { ...untouched, studyId: begun, done: 1, total: 3 },
      { studyId: twice, done: 2, total: 4, ready: false, round: 2, opensAt: last.opensAt },
    ])
    await readQueue('r1', begun, () => 3)
    expect((await queues('r1'))[0]).toMatchObject({ done: 3, total: 3, ready: false, opensAt: null })
    expect((await queues('r2')).map(({ done }) => done)).toEqual([0, 0])
    await program.person('r9', 'reader')
    expect(await queues('r9')).toEqual([])
    await program.get('lead', 'analysis.seal', { studyId: begun, incomplete: true })
    expect((await queues('r1')).map(({ studyId }) => studyId)).toEqual([twice])
  })
})
