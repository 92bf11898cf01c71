import { describe, expect } from 'vitest'
import type { Design } from '../../../../src/preload/contract/design.ts'
import { readerOrder } from '../../../../src/main/domain/assignment.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it, type Designing } from '../../../fixtures/design-study.ts'

describe('the seed of the orders', () => {
  const seedTold = async ({ program }: Designing, person: string, studyId: string) =>
    (await program.get<{ design: Design }>(person, 'designs.get', { studyId })).design.seed

  it('is the lead’s to choose, else drawn at the opening, and says nothing about who is A', async ({ at }) => {
    const { program, lead, readers, draft, open, design, rows } = at
    const [chosen, drawn] = [await draft('Chosen'), await draft('Drawn')]
    for (const id of [chosen, drawn]) await addScans(program.db, id, lead, 6)
    await design(chosen, { seed: 20260401 })
    for (const id of [chosen, drawn]) await open(id)
    expect(await seedTold(at, 'lead', chosen)).toBe(20260401)
    expect(await seedTold(at, 'lead', drawn)).toBeGreaterThanOrEqual(0)
    // From the seed, the reader and the scans alone anybody comes to the same order.
    const scans = (await rows(readers[0]!, chosen)).map((row) => row.scan_id)
    expect(readerOrder([...scans].sort(), `20260401:${readers[0]!}:1`)).toEqual(scans)
    const { order_seed } = await program.db
      .selectFrom('study')
      .select('order_seed')
      .where('id', '=', chosen)
      .executeTakeFirstOrThrow()
    expect(order_seed).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is kept from readers, and from a lead who reads while the study is read', async ({ at }) => {
    const { program, lead, readers, draft, open, design, refusal } = at
    const studyId = await draft('Read by a lead')
    await addScans(program.db, studyId, lead, 4)
    const both = await program.person('both', 'lead', 'reader')
    readers.push(both.accountId)
    await design(studyId, { seed: 7 })
    await open(studyId)
    expect(await seedTold(at, 'both', studyId)).toBeNull()
    expect(await seedTold(at, 'lead', studyId)).toBe(7)
    expect(await refusal('r1', 'designs.get', { studyId })).toBe('not-allowed')
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    expect(await seedTold(at, 'both', studyId)).toBe(7)
  })
})
