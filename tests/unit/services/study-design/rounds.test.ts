import { describe, expect } from 'vitest'
import type { Quality } from '../../../../src/preload/contract/analysis.ts'
import { voteOn } from '../../../fixtures/casting.ts'
import { addScans } from '../../../fixtures/program.ts'
import { plainDesign } from '../../../../src/preload/contract/design.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('rounds', () => {
  it('follow one another after the days between, in another order, and stay apart from the consensus', async ({
    at: { program, lead, readers, draft, open, design, desk, refusal, readQueue, rows },
  }) => {
    const studyId = await draft('Twice')
    const scans = await addScans(program.db, studyId, lead, 12)
    await design(studyId, { rounds: 2, roundGapDays: 14 })
    await open(studyId)
    const before = await desk('r1', studyId)
    expect(before).toMatchObject({ total: 12, round: 1, rounds: 2, opensAt: null })
    const seen = await readQueue('r1', studyId, () => 2)
    const after = seen.at(-1)!
    expect(after).toMatchObject({ current: null, ahead: [], round: 2, done: 0, total: 12 })
    const days = (Date.parse(after.opensAt!) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(13.9)
    expect(days).toBeLessThanOrEqual(14)
    const [waiting] = await program.db
      .selectFrom('assignment')
      .select('id')
      .where('voted', '=', 0)
      .where('account_id', '=', readers[0]!)
      .orderBy('position')
      .execute()
    expect(await refusal('r1', 'reading.cast', voteOn(waiting!.id, 3))).toBe('vote-not-next')
    const order = await rows(readers[0]!, studyId)
    const scansOf = (round: number) => order.filter((row) => row.round === round).map((row) => row.scan_id)
    expect([...scansOf(2)].sort()).toEqual([...scans].sort())
    expect(scansOf(2)).not.toEqual(scansOf(1))
    // Two weeks later.
    await program.db
      .updateTable('study')
      .set({ design: JSON.stringify({ ...plainDesign, rounds: 2, roundGapDays: 0 }) })
      .execute()
    await readQueue('r1', studyId, (now) => (now.current!.position <= 3 ? 4 : 2))
    const { readers: results } = await program.get<Quality>('lead', 'analysis.quality', { studyId })
    expect(results.map((one) => one.rounds[0]!).filter((one) => one.n > 0)).toMatchObject([
      { round: 2, n: 12, same: 9 },
    ])
    const { agreement } = await program.get<{ agreement: { subjects: number } }>('lead', 'analysis.overview', {
      studyId,
    })
    expect(agreement.subjects).toBe(12)
  })
})
