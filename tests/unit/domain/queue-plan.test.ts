import { describe, expect, it } from 'vitest'
import { readerOrder, readersForScans } from '../../../src/main/domain/assignment.ts'
import { queueWith } from '../../../src/main/domain/queue.ts'
import { plainDesign } from '../../../src/preload/contract/design.ts'
import { queuePlan } from '../../../src/renderer/studies/design/plan.ts'

/** Votes that the queues really ask of each reader, dealt out as the main process does. */
function dealt(scans: number, readers: number, perScan: number, design = plainDesign, hidden = 0): number[] {
  const ids = Array.from({ length: scans }, (_, n) => `s${n}`)
  const people = Array.from({ length: readers }, (_, n) => `r${n}`)
  const chosen = readersForScans(ids, people, perScan, 'seed')
  return people.map((reader) => {
    const own = readerOrder(
      ids.filter((id) => chosen.get(id)!.includes(reader)),
      reader,
    )
    const known = Array.from({ length: hidden }, (_, n) => `h${n}`)
    const share = design.repeats / 100
    const of = (round: number): number =>
      queueWith(own, { share: round === 1 ? share : 0, gap: design.repeatGap, hidden: known, seed: reader }).length
    return Array.from({ length: design.rounds }, (_, n) => of(n + 1)).reduce((a, b) => a + b, 0)
  })
}

describe('what a design asks of a reader', () => {
  it.each([
    [8, 3, 3, {}, 0],
    [8, 3, 2, {}, 0],
    [100, 7, 3, { repeats: 10 }, 0],
    [12, 2, 2, { repeats: 50, repeatGap: 20 }, 3],
    [30, 3, 3, { rounds: 2, repeats: 15, repeatGap: 5 }, 2],
  ])('%i scans, %i readers, %i a scan, %o: as the queues are dealt', (scans, readers, perScan, some, hidden) => {
    const design = { ...plainDesign, ...some }
    const plan = queuePlan(
      { scans, readers, perScan },
      design,
      Array.from({ length: hidden }, () => ({ use: 'hidden' as const })),
    )!
    const real = dealt(scans, readers, perScan, design, hidden)
    expect([Math.min(...real), Math.max(...real)]).toEqual(plan.votes)
  })

  it('says how many scans really lie between where a queue is too short', () => {
    const plan = queuePlan({ scans: 12, readers: 2, perScan: 2 }, { ...plainDesign, repeats: 10 }, [])
    expect(plan).toMatchObject({ again: [1, 1], between: 6 })
  })

  it('is unknown while readers or scans are missing', () => {
    expect(queuePlan({ scans: 5, readers: 2, perScan: 3 }, plainDesign, [])).toBeNull()
    expect(queuePlan({ scans: 0, readers: 3, perScan: 3 }, plainDesign, [])).toBeNull()
    expect(queuePlan({ scans: 0, readers: 1, perScan: 1 }, plainDesign, [{ use: 'calibration' }])?.votes).toEqual([
      1, 1,
    ])
  })
})
