import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Quality } from '../../../src/preload/contract/analysis.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { plainDesign, type Design } from '../../../src/preload/contract/design.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import type { RegionScan } from '../../../src/preload/contract/regions.ts'
import { unpackTar } from '../../../src/main/learning/tar.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
import { recordModel, recordQueues, recordScan, recordStudy } from '../../../src/main/store/witness/record.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { castVote } from '../../fixtures/casting.ts'
import { codeOf, everything, giveVolumes, travel } from '../../fixtures/packets.ts'
import { addScans, startProgram, type Program } from '../../fixtures/program.ts'

// Studies of every design, one after the other, between the same two workstations.

let home: Program
let away: Program
let stick: string
let lead: Session
const readers: Session[] = []
beforeAll(async () => {
  ;[home, away] = [await startProgram(), await startProgram()]
  stick = mkdtempSync(join(tmpdir(), 'concord-stick-'))
  lead = await home.person('lead', 'lead')
  for (const name of ['r1', 'r2']) readers.push(await home.person(name, 'reader'))
})
afterAll(async () => {
  await home.close()
  await away.close()
  rmSync(stick, { recursive: true, force: true })
})

interface Made {
  title: string
  scans: number
  template?: string
  design?: Partial<Design>
  prepare?: (studyId: string, scanIds: string[]) => Promise<unknown>
}
/** An open study of that design, and the way of its first reader. */
async function study({ title, scans, template = 'hrpqct-motion', design, prepare }: Made) {
  const { id: studyId } = await home.get<{ id: string }>('lead', 'studies.create', {
    ...{ title, template, readersPerScan: 2 },
  })
  const scanIds = await addScans(home.db, studyId, lead.accountId, scans)
  if (design) await home.get('lead', 'designs.set', { studyId, design: { ...plainDesign, ...design } })
  await home.get('lead', 'studies.setReaders', { studyId, readerIds: readers.map((one) => one.accountId) })
  await prepare?.(studyId, scanIds)
  await giveVolumes(home)
  await home.get('lead', 'studies.open', { studyId })
  return { studyId, scanIds, ...travel({ home, away, stick, lead, reader: readers[0]!, studyId }) }
}
const desk = (program: Program, studyId: string) => program.get<Desk>('r1', 'reading.desk', { studyId })
const cast = (program: Program, { current }: Desk, grade: number) =>
  castVote(program, 'r1', current!.assignmentId, grade)
/** Reads the queue to its end; every desk on the way. */
async function readOn(program: Program, studyId: string, grade: (n: number) => number): Promise<Desk[]> {
  const seen = [await desk(program, studyId)]
  for (let at = seen[0]!; at.current;) seen.push((at = await cast(program, at, grade(seen.length))))
  return seen
}
const rowsIn = (file: string) => JSON.parse(unpackTar(readFileSync(file)).get('rows.json')!.toString()) as Rows
interface Rows {
  scans: { id: string; pseudonym: string; purpose: string }[]
  assignments: { scan_id: string; kind: string }[]
  knownCases: { scan_id: string; use: string; grade: number }[]
}

it('carries own regions both ways: the one placed last counts, and none that lies outside', async () => {
  const region = { ask: 'own' as const, required: true, placers: [] }
  const { studyId, make, open, take, preview, merge, file } = await study({
    ...{ title: 'Heels', scans: 2, template: 'calcaneus-osteoporosis', design: { region } },
    prepare: (studyId) =>
      home.db
        .updateTable('scan')
        .set({ dims: '[600,500,1]', spacing: '[0.05,0.05,1]', site: 'calcaneus' })
        .where('study_id', '=', studyId)
        .execute(),
  })
  const place = async (program: Program, x: number) =>
    program.get('r1', 'regions.placeOwn', {
      assignmentId: (await desk(program, studyId)).current!.assignmentId,
      place: { x, y: 250, spacing: null, inverted: false },
    })
  await place(home, 200)
  await make()
  await open()
  expect((await desk(away, studyId)).current!.region).toMatchObject({ placed: { x: 200 } })
  await place(away, 210)
  await cast(away, await desk(away, studyId), 1)
  // Taken back, moved, cast anew.
  await away.get('r1', 'reading.undo', { studyId })
  await place(away, 220)
  await cast(away, await desk(away, studyId), 2)
  await place(away, 300)
  await cast(away, await desk(away, studyId), 1)
  expect(await take()).toMatchObject({ votes: 4 })
  const before = await everything(home)
  expect(await preview()).toMatchObject({ votes: 4, known: 0, conflicts: [] })
  expect(await everything(home)).toBe(before)
  expect(await merge()).toMatchObject({ votes: 4, known: 0, conflicts: [] })
  const { scans } = await home.get<{ scans: RegionScan[] }>('lead', 'regions.list', { studyId })
  expect(scans.flatMap((scan) => scan.own.map(({ x }) => x)).sort()).toEqual([220, 300])
  expect(
    (await home.db.selectFrom('roi_placement').select('x').where('study_id', '=', studyId).execute())
      .map(({ x }) => x)
      .sort(),
  ).toEqual([200, 210, 220, 300])
  // A region that no program of ours would place.
  await away.db
    .insertInto('roi_placement')
    .values({
      ...(await away.db.selectFrom('roi_placement').selectAll().where('x', '=', 300).executeTakeFirstOrThrow()),
      ...{ id: newId(), revision: 9, x: 5000, placed_at: now() },
    })
    .execute()
  await take('outside')
  expect(await codeOf(merge('outside'))).toBe('roi-outside')
  expect(readFileSync(file('outside')).length).toBeGreaterThan(0)
  expect((await verifyChain(home.db)).broken).toBeNull()
})

it('gives calibration cases with their lessons, and repeats and hidden cases like any other scan', async () => {
  const pool = await home.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Pool', template: 'hrpqct-motion', readersPerScan: 2 },
  })
  const known = await addScans(home.db, pool.id, lead.accountId, 4)
  await home.db.updateTable('scan').set({ purpose: 'unread' }).where('study_id', '=', pool.id).execute()
  for (const [index, scan_id] of known.entries())
    await home.db
      .insertInto('known_case')
      .values({
        ...{ id: newId(), study_id: pool.id, scan_id, use: 'calibration', grade: index + 2, why: `Reason ${index}` },
        ...{ motion_mm: 0.5, origin: 'phantom', added_by: lead.accountId, added_at: now() },
      })
      .execute()
  const caseAdded = { accountId: lead.accountId, act: 'study.case-added' }
  await home.db.transaction().execute((t) => recordStudy(t, caseAdded, pool.id))
  const uses = ['calibration', 'calibration', 'hidden', 'exemplar'] as const
  const { studyId, make, open, take, preview, merge, file } = await study({
    ...{ title: 'Everything', scans: 8, design: { repeats: 50, repeatGap: 2 } },
    prepare: async (studyId) => {
      for (const [index, scanId] of known.entries())
        await home.get('lead', 'designs.addCase', { studyId, scanId, use: uses[index], grade: index + 2, why: null })
    },
  })
  await make()
  // Neither which scan is known among the others, nor what it is, is in the file; nor where any came from.
  const rows = rowsIn(file('out.concord-study'))
  expect(rows.knownCases.map(({ use }) => use).sort()).toEqual(['calibration', 'calibration', 'exemplar'])
  expect(rows.knownCases.some((one) => one.scan_id === known[2])).toBe(false)
  expect(rows.assignments.filter((one) => one.scan_id === known[2])).toMatchObject([{ kind: 'primary' }])
  expect(new Set(rows.scans.map(({ pseudonym }) => pseudonym.slice(0, 2)))).toEqual(new Set(['K-']))
  expect(new Set(rows.scans.map(({ purpose }) => purpose))).toEqual(new Set(['reading']))

  await open()
  const [there, here] = [await desk(away, studyId), await desk(home, studyId)]
  expect(there.current).toEqual(here.current)
  const seen = await readOn(away, studyId, (n) => (n < 3 ? 2 : 3))
  // The two lessons come after the own votes, and say what is known at home.
  const lessons = seen.flatMap(({ feedback }) => (feedback ? [feedback] : []))
  expect(lessons.map(({ grade }) => grade)).toEqual([2, 2])
  expect(lessons.map((one) => one.known).sort()).toEqual([2, 3])
  expect(lessons.map((one) => one.why).sort()).toEqual(['Reason 0', 'Reason 1'])
  const items = seen.flatMap(({ current }) => (current ? [current] : []))
  expect(items).toHaveLength(2 + 8 + 4 + 1)
  expect(new Set(items.map(({ pseudonym }) => pseudonym)).size).toBe(items.length)
  expect(items.filter(({ calibration }) => calibration)).toHaveLength(2)
  await take()
  expect(await preview()).toMatchObject({ votes: 15, known: 0, late: 0, conflicts: [] })
  await merge()
  const { readers: figures } = await home.get<Quality>('lead', 'analysis.quality', { studyId })
  const own = figures.find(({ calibration }) => calibration.n > 0)!
  expect([own.calibration.n, own.hidden.n, own.repeats.n]).toEqual([2, 1, 4])
  expect((await desk(home, studyId)).current).toBeNull()
})

it('goes on where the sealed reading was opened again for more scans, and leaves out what came too late', async () => {
  const { studyId, scanIds, make, open, take, preview, merge } = await study({ title: 'Again', scans: 4 })
  const unread = scanIds[3]!
  await home.db.deleteFrom('assignment').where('scan_id', '=', unread).execute()
  await home.db.updateTable('scan').set({ purpose: 'unread' }).where('id', '=', unread).execute()
  const as = { accountId: lead.accountId }
  await home.db.transaction().execute(async (t) => {
    await recordQueues(t, as.accountId, studyId)
    await recordScan(t, { ...as, act: 'scan.imported' }, unread)
  })
  await make()
  await open()
  await cast(away, await desk(away, studyId), 1)
  await take('early')
  await merge('early')
  await cast(away, await desk(away, studyId), 2)
  await take('late')
  await home.get('lead', 'analysis.seal', { studyId, incomplete: true })
  expect(await codeOf(preview('late'))).toBe('packet-study-sealed')
  expect(await codeOf(merge('late'))).toBe('packet-study-sealed')
  // What was merged before can be merged again: it says nothing new.
  expect(await merge('early')).toMatchObject({ votes: 0, known: 1 })
  const modelId = newId()
  const model = {
    ...{ id: modelId, study_id: studyId, run_id: null, name: 'Model', sha256: 'a'.repeat(64), parameters: 1 },
    ...{ origin: 'import' as const, created_at: now() },
  }
  await home.db.insertInto('model').values(model).execute()
  await home.db.transaction().execute((t) => recordModel(t, { ...as, act: 'model.imported' }, model))
  await home.services.models.sendBack(lead, { modelId, scanIds: [unread], alsoSure: 0 })
  // The second vote of the first reading came too late; it keeps nobody from merging what comes after.
  expect(await preview('late')).toMatchObject({ votes: 0, known: 1, late: 1 })
  await make('more')
  expect(await open('more')).toMatchObject({ changed: true })
  // Only the new scan is in front there, and an older packet changes nothing.
  expect(await away.services.packets.inspect(null, { path: join(stick, 'out.concord-study') })).toMatchObject({
    here: 'known',
  })
  const seen = await readOn(away, studyId, () => 5)
  expect(seen).toHaveLength(2)
  expect(await take('second')).toMatchObject({ votes: 1 })
  expect(await merge('second')).toMatchObject({ votes: 1, known: 0, late: 0 })
  expect(await merge('late')).toMatchObject({ votes: 0, known: 1, late: 1 })
  expect((await verifyChain(home.db)).broken).toBeNull()
})

it('refuses paired reading with the reason: no file could keep the model’s grades from whoever has it', async () => {
  const { studyId, make } = await study({ title: 'Paired', scans: 1 })
  const set = (design: object) =>
    home.db
      .updateTable('study')
      .set({ design: JSON.stringify(design) })
      .where('id', '=', studyId)
      .execute()
  const { design } = await home.db
    .selectFrom('study')
    .select('design')
    .where('id', '=', studyId)
    .executeTakeFirstOrThrow()
  await set({ ...plainDesign, pairedModelId: newId() })
  const failed: unknown = await make('paired').catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 'packet-paired' })
  expect((failed as Error).message).toMatch(/whoever has it could read them before voting/)
  expect(existsSync(join(stick, 'paired'))).toBe(false)
  await set(JSON.parse(design) as object)
})

it('takes votes of a reader who was reset or closed at home meanwhile, and makes no packet for them', async () => {
  const { studyId, make, open, take, preview, merge } = await study({ title: 'Gone', scans: 3 })
  await make()
  await open()
  await cast(away, await desk(away, studyId), 4)
  await take('first')
  const { accountId } = readers[0]!
  const { password: told } = await home.get<{ password: string }>('admin', 'accounts.resetPassword', { accountId })
  // Nobody has a key there that votes could be signed with.
  expect(await codeOf(make('reset'))).toBe('packet-reader-keyless')
  expect(await merge('first')).toMatchObject({ votes: 1 })
  await home.get('r1', 'accounts.signIn', { name: 'r1', password: told })
  await home.get('r1', 'accounts.changePassword', { current: told, next: 'my own long password' })
  await make('new-keys')
  expect(await codeOf(open('new-keys'))).toBe('packet-account-differs')
  await cast(away, await desk(away, studyId), 2)
  await take('second')
  await home.get('admin', 'accounts.close', { accountId })
  expect(await codeOf(make('closed'))).toBe('packet-reader-unknown')
  expect(await preview('second')).toMatchObject({ votes: 1, known: 1, reader: null, closed: null })
  expect(await merge('second')).toMatchObject({ votes: 1, known: 1 })
  // Whoever sees no figures by letters is told whose the votes are, and that the account is closed.
  const admin = await home.person('admin')
  expect(await home.services.packets.preview(admin, { path: join(stick, 'second') })).toMatchObject({
    votes: 0,
    known: 2,
    reader: 'Dr r1',
    closed: true,
  })
  expect((await verifyChain(home.db)).broken).toBeNull()
})
