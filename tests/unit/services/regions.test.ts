import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Region, RegionScan } from '../../../src/preload/contract/regions.ts'
import { plainDesign } from '../../../src/preload/contract/design.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { recordScan } from '../../../src/main/store/witness/record.ts'
import { castVote, voteOn } from '../../fixtures/casting.ts'
import { addScans, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let lead: Session
let both: Session
const readers: Session[] = []

beforeAll(async () => {
  program = await startProgram()
  lead = await program.person('lead', 'lead')
  for (const name of ['r1', 'r2', 'r3']) readers.push(await program.person(name, 'reader'))
  await program.person('helper', 'trainer')
  await program.person('tina', 'trainer')
  await program.person('rt', 'reader', 'trainer')
  both = await program.person('both', 'lead', 'reader')
})
afterAll(() => program.close())

const place = (x: number, y: number, more: object = {}) => ({ x, y, spacing: null, inverted: false, ...more })
type Listed = { ask: string; required: boolean; scans: RegionScan[] }
const list = (who: string, studyId: string) => program.get<Listed>(who, 'regions.list', { studyId })
const desk = (who: string, studyId: string) => program.get<Desk>(who, 'reading.desk', { studyId })
/** A draft with radiographs of 600 x 500 pixels of 0.05 mm; the last one does not say how large its pixels are. */
async function draft(title: string, region: object, count = 3): Promise<{ studyId: string; scanIds: string[] }> {
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title, template: 'calcaneus-osteoporosis', readersPerScan: 3 },
  })
  const scanIds = await addScans(program.db, studyId, lead.accountId, count)
  const heel = { dims: '[600,500,1]', spacing: '[0.05,0.05,1]', site: 'calcaneus' as const }
  await program.db.updateTable('scan').set(heel).where('study_id', '=', studyId).execute()
  await program.db.updateTable('scan').set({ spacing: null }).where('id', '=', scanIds.at(-1)!).execute()
  const design = { ...plainDesign, region: { ask: 'off', required: false, placers: [], ...region } }
  await program.get('lead', 'designs.set', { studyId, design })
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers.map((r) => r.accountId) })
  return { studyId, scanIds }
}
const open = (studyId: string) => program.ask('lead', 'studies.open', { studyId })

describe('a region of the study', () => {
  it('is asked for by the template of the heel, and by no other', async () => {
    const { id } = await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: 'As delivered', template: 'calcaneus-osteoporosis', readersPerScan: 3 },
    })
    const { design } = await program.get<{ design: typeof plainDesign }>('lead', 'designs.get', { studyId: id })
    expect(design.region).toEqual({ ask: 'shared', required: false, placers: [] })
    expect(plainDesign.region.ask).toBe('off')
  })

  it('is kept with its revision, its size by the pixels, who placed it and an entry in the audit trail', async () => {
    const { studyId, scanIds } = await draft('Kept', { ask: 'shared' })
    const first = await program.get<Region>('lead', 'regions.place', {
      studyId,
      scanId: scanIds[0],
      place: place(300, 250),
    })
    expect(first).toMatchObject({ x: 300, y: 250, edge: 320, edgeMm: 16, rotation: 0, spacing: 0.05, revision: 1 })
    expect(first).toMatchObject({ spacingFrom: 'file', inverted: false })
    await program.get('lead', 'regions.place', {
      studyId,
      scanId: scanIds[0],
      place: place(301, 250, { inverted: true }),
    })
    const [scan] = (await list('lead', studyId)).scans
    expect(scan!.region).toMatchObject({ x: 301, revision: 2, inverted: true, by: 'Dr lead' })
    const acts = await program.db.selectFrom('audit').select('subject').where('act', '=', 'roi.placed').execute()
    const rows = await program.db.selectFrom('roi_placement').selectAll().where('study_id', '=', studyId).execute()
    expect(acts.map(({ subject }) => subject)).toEqual(expect.arrayContaining(rows.map(({ id }) => id)))
    await expect(program.db.updateTable('roi_placement').set({ x: 1 }).execute()).rejects.toThrow(/never changed/)
    await expect(program.db.deleteFrom('roi_placement').execute()).rejects.toThrow(/never changed/)
  })

  it('is refused where it cannot be: over the edge, without a size of a pixel, on a stack, in a study that asks for none', async () => {
    const { studyId, scanIds } = await draft('Refused', { ask: 'shared' })
    const refusal = async (scanId: string, at: object) => {
      const outcome = await program.ask('lead', 'regions.place', { studyId, scanId, place: at })
      return outcome.ok ? 'taken' : outcome.error.code
    }
    expect(await refusal(scanIds[0]!, place(100, 250))).toBe('roi-outside')
    expect(await refusal(scanIds[2]!, place(300, 250))).toBe('roi-no-spacing')
    expect(await refusal(scanIds[2]!, place(300, 250, { spacing: 0.02 }))).toBe('roi-too-large')
    expect(await refusal(scanIds[0]!, place(300, 250, { spacing: 0.1 }))).toBe('roi-spacing-known')
    const assumed = await program.get<Region>('lead', 'regions.place', {
      ...{ studyId, scanId: scanIds[2], place: place(300, 250, { spacing: 0.1 }) },
    })
    expect(assumed).toMatchObject({ edge: 160, spacing: 0.1, spacingFrom: 'assumed' })
    await program.db.updateTable('scan').set({ dims: '[600,500,9]' }).where('id', '=', scanIds[1]!).execute()
    expect(await refusal(scanIds[1]!, place(300, 250))).toBe('roi-not-a-radiograph')
    await program.db
      .updateTable('scan')
      .set({ dims: '[600,500,1]', spacing: '[0.05,0.08,1]' })
      .where('id', '=', scanIds[1]!)
      .execute()
    expect(await refusal(scanIds[1]!, place(300, 250))).toBe('roi-uneven-spacing')
    const off = await draft('None', { ask: 'off' })
    expect(await program.ask('lead', 'regions.list', { studyId: off.studyId })).toMatchObject({
      error: { code: 'roi-not-asked' },
    })
  })

  it('is placed by leads and by those whom the design names, by no reader of the study', async () => {
    const accounts = await program.get<{ id: string; name: string }[]>('lead', 'accounts.list')
    const idOf = (name: string) => accounts.find((one) => one.name === name)!.id
    const { studyId, scanIds } = await draft('Helpers', { ask: 'shared', placers: [idOf('helper'), idOf('rt')] })
    expect((await list('helper', studyId)).scans).toHaveLength(3)
    await program.get('helper', 'regions.place', { studyId, scanId: scanIds[0], place: place(300, 250) })
    const refusal = async (who: string) => {
      const outcome = await program.ask(who, 'regions.place', { studyId, scanId: scanIds[0], place: place(301, 250) })
      return outcome.ok ? 'taken' : outcome.error.code
    }
    expect(await refusal('r1')).toBe('not-allowed')
    expect(await refusal('tina')).toBe('roi-not-yours')
    expect(await refusal('rt')).toBe('taken')
    const readerIds = [...readers.map((one) => one.accountId), idOf('rt')]
    await program.get('lead', 'studies.setReaders', { studyId, readerIds })
    expect(await refusal('rt')).toBe('roi-not-yours')
  })

  it('is there for every reader and fixed once the study is open; where it is required the study opens with all of them only', async () => {
    const { studyId, scanIds } = await draft('Shared', { ask: 'shared', required: true })
    expect(await open(studyId)).toMatchObject({
      error: { code: 'roi-missing', message: expect.stringMatching(/3 of 3/) },
    })
    for (const scanId of scanIds.slice(0, 2))
      await program.get('lead', 'regions.place', { studyId, scanId, place: place(300, 250) })
    expect(await open(studyId)).toMatchObject({ error: { message: expect.stringMatching(/1 of 3/) } })
    await program.get('lead', 'regions.place', {
      studyId,
      scanId: scanIds[2],
      place: place(300, 250, { spacing: 0.1 }),
    })
    expect((await open(studyId)).ok).toBe(true)
    for (const who of ['r1', 'r2']) {
      const { current, ask } = await desk(who, studyId)
      expect(ask).toMatchObject({ region: 'shared', regionRequired: true })
      expect(current!.region!.placed).toMatchObject({ x: 300, y: 250 })
    }
    const own = (await desk('r1', studyId)).current!
    expect(
      await program.ask('r1', 'regions.placeOwn', { assignmentId: own.assignmentId, place: place(310, 250) }),
    ).toMatchObject({ error: { code: 'roi-not-asked' } })
    expect(
      await program.ask('lead', 'regions.place', { studyId, scanId: scanIds[0], place: place(310, 250) }),
    ).toMatchObject({ error: { code: 'roi-fixed' } })
  })
})

describe("a reader's own region", () => {
  it('comes before the vote where the study says so, and stays when the vote is taken back', async () => {
    const { studyId } = await draft('Own', { ask: 'own', required: true })
    expect((await open(studyId)).ok).toBe(true)
    const { current } = await desk('r1', studyId)
    const { assignmentId, region } = current!
    expect(region!.placed).toBeNull()
    expect(await program.ask('r1', 'reading.cast', voteOn(assignmentId, 2))).toMatchObject({
      error: { code: 'roi-not-placed' },
    })
    // Without a grade nothing has to be placed.
    const spacing = region!.spacing === null ? 0.05 : null
    await program.get('r1', 'regions.placeOwn', { assignmentId, place: place(300, 250, { spacing }) })
    const next = await castVote(program, 'r1', assignmentId, 2)
    expect(next.current!.assignmentId).not.toBe(assignmentId)
    expect(
      await program.ask('r1', 'regions.placeOwn', { assignmentId, place: place(310, 250, { spacing }) }),
    ).toMatchObject({ error: { code: 'vote-not-next' } })
    const back = await program.get<Desk>('r1', 'reading.undo', { studyId })
    expect(back.current).toMatchObject({ assignmentId, region: { placed: { x: 300, revision: 1 } } })
  })

  it('is told to nobody else who reads, before the seal; to the lead with letters', async () => {
    const { studyId } = await draft('Blind', { ask: 'own' })
    const readerIds = [...readers, both].map((one) => one.accountId)
    await program.get('lead', 'studies.setReaders', { studyId, readerIds })
    expect((await open(studyId)).ok).toBe(true)
    const before = JSON.stringify(await desk('r2', studyId))
    const beforeBoth = JSON.stringify(await list('both', studyId))
    const { current } = await desk('r1', studyId)
    const spacing = current!.region!.spacing === null ? 0.05 : null
    await program.get('r1', 'regions.placeOwn', {
      ...{ assignmentId: current!.assignmentId, place: place(277, 233, { spacing }) },
    })
    expect(JSON.stringify(await desk('r2', studyId))).toBe(before)
    expect(JSON.stringify(await list('both', studyId))).toBe(beforeBoth)
    const told = (await list('lead', studyId)).scans.flatMap(({ own }) => own)
    expect(told).toEqual([
      expect.objectContaining({ x: 277, y: 233, letter: expect.stringMatching(/^[A-D]$/) as string }),
    ])
    // The letters beside the regions and the names in the audit trail are not to be laid together by their times.
    const { entries } = await program.get<{ entries: { act: string; name: string | null; secret: boolean }[] }>(
      ...(['lead', 'audit.list', { area: 'roi' }] as const),
    )
    const [newest] = entries
    expect(newest).toMatchObject({ act: 'roi.placed', name: null, secret: true })
    expect(entries.some(({ name }) => name === 'Dr lead')).toBe(true)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    expect((await list('both', studyId)).scans.flatMap(({ own }) => own)).toHaveLength(1)
  })

  it('belongs to its place in the queue: a scan shown a second time does not bring it along', async () => {
    const { studyId } = await draft('Twice', { ask: 'own' }, 4)
    const { design } = await program.get<{ design: typeof plainDesign }>('lead', 'designs.get', { studyId })
    await program.get('lead', 'designs.set', { studyId, design: { ...design, repeats: 50, repeatGap: 1 } })
    expect((await open(studyId)).ok).toBe(true)
    let now = await desk('r1', studyId)
    const seen: unknown[] = []
    while (now.current) {
      const { assignmentId, region } = now.current
      seen.push(region!.placed)
      const spacing = region!.spacing === null ? 0.05 : null
      await program.get('r1', 'regions.placeOwn', { assignmentId, place: place(300, 250, { spacing }) })
      now = await castVote(program, 'r1', assignmentId, 2)
    }
    expect(seen).toEqual([null, null, null, null, null, null])
  })

  it('leaves a chain that can be verified, and one that cannot when a region was moved behind its back', async () => {
    // The sizes of the scans' pictures were set by the tests.
    for (const { id } of await program.db.selectFrom('scan').select('id').execute())
      await program.db.transaction().execute((t) => recordScan(t, { accountId: null, act: 'scan.imported' }, id))
    expect((await program.services.audit.check()).broken).toBeNull()
    await sql`drop trigger roi_placement_no_update`.execute(program.db)
    const { id } = await program.db.selectFrom('roi_placement').select('id').limit(1).executeTakeFirstOrThrow()
    await program.db.updateTable('roi_placement').set({ x: 1 }).where('id', '=', id).execute()
    const { broken } = await program.services.audit.check()
    expect(broken).toMatchObject({ subject: id, why: 'the region of interest was altered' })
  })
})
