import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { castVote } from '../../fixtures/casting.ts'
import { openStudy, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy
beforeEach(async () => {
  program = await startProgram()
  // Two scans a patient, -1 and -2.
  study = await openStudy(program, 4)
  await program.db.updateTable('scan').set({ site: 'tibia', side: 'left' }).execute()
})
afterEach(() => program.close())

const desk = (reader: string) => program.get<Desk>(reader, 'reading.desk', { studyId: study.studyId })
const idOf = async (pseudonym: string) =>
  (await program.db.selectFrom('scan').select('id').where('pseudonym', '=', pseudonym).executeTakeFirstOrThrow()).id

/** Casts until a scan of this pseudonym is in front. */
async function inFront(pseudonym: string): Promise<NonNullable<Desk['current']>> {
  for (let now = await desk('r1'); now.current;) {
    if (now.current.pseudonym === pseudonym) return now.current
    now = await castVote(program, 'r1', now.current.assignmentId, 3)
  }
  throw new Error(`${pseudonym} never came`)
}

describe("the same patient's earlier scans", () => {
  it('are those with a lower number where no day is known, and may be looked at', async () => {
    const session = study.readers[0]!
    const earlier = await idOf('P0001-1')
    expect((await inFront('P0001-2')).earlier).toEqual([{ scanId: earlier, pseudonym: 'P0001-1', daysBefore: null }])
    expect(await program.services.scans.volumeFor(session, earlier)).toMatch(/\.vol$/)
  })

  it('go by the day where it is known, whatever the numbers say', async () => {
    const days = { 'P0002-1': '2025-03-01', 'P0002-2': '2024-03-01' }
    for (const [pseudonym, day] of Object.entries(days))
      await program.db
        .insertInto('scan_day')
        .values({ scan_id: await idOf(pseudonym), day })
        .execute()
    expect((await inFront('P0002-1')).earlier).toEqual([
      { scanId: await idOf('P0002-2'), pseudonym: 'P0002-2', daysBefore: 365 },
    ])
  })

  it('are of the same site and side only, and said of the scan in front alone', async () => {
    await program.db.updateTable('scan').set({ side: 'right' }).where('pseudonym', '=', 'P0001-1').execute()
    await program.db.updateTable('scan').set({ side: 'left' }).where('pseudonym', '=', 'P0001-2').execute()
    expect((await inFront('P0001-2')).earlier).toEqual([])
    const { ahead } = await desk('r1')
    for (const item of ahead) expect(item.earlier).toBeUndefined()
  })

  it('are not said, nor shown, where scans have codes in place of their patients', async () => {
    const session = study.readers[0]!
    await program.db.updateTable('assignment').set({ code: 'S-1' }).execute()
    const { current } = await desk('r1')
    expect(current!.earlier).toEqual([])
    await program.db
      .deleteFrom('assignment')
      .where('scan_id', '=', await idOf('P0001-1'))
      .execute()
    await expect(program.services.scans.volumeFor(session, await idOf('P0001-1'))).rejects.toMatchObject({
      code: 'scan-unknown',
    })
  })

  it('of somebody who does not read in the study stay hidden', async () => {
    const other = await program.person('outsider', 'reader')
    await expect(program.services.scans.volumeFor(other, await idOf('P0001-1'))).rejects.toMatchObject({
      code: 'scan-unknown',
    })
  })
})
