import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { plainDesign, type Design, type KnownCase } from '../../../src/preload/contract/design.ts'
import type { Quality } from '../../../src/preload/contract/analysis.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { readerOrder } from '../../../src/main/domain/assignment.ts'
import { voteDigest } from '../../../src/main/store/audit.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
import { addScans, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let lead: string
let readers: string[]
beforeEach(async () => {
  program = await startProgram()
  lead = (await program.person('lead', 'lead')).accountId
  readers = [(await program.person('r1', 'reader')).accountId, (await program.person('r2', 'reader')).accountId]
})
afterEach(() => program.close())

const draft = async (title: string): Promise<string> =>
  (
    await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title, template: 'hrpqct-motion', readersPerScan: 2 },
    })
  ).id
async function open(studyId: string): Promise<void> {
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers })
  await program.get('lead', 'studies.open', { studyId })
}
const design = (studyId: string, changes: Partial<Design>) =>
  program.get<Design>('lead', 'designs.set', { studyId, design: { ...plainDesign, ...changes } })

/** A study with scans that no reader grades, which others may take as known cases. */
async function pool(count: number): Promise<string[]> {
  const studyId = await draft('Pool')
  const ids = await addScans(program.db, studyId, lead, count)
  await program.db.updateTable('scan').set({ purpose: 'unread' }).where('study_id', '=', studyId).execute()
  for (const [index, scan_id] of ids.entries())
    await program.db
      .insertInto('known_case')
      .values({
        ...{ id: newId(), study_id: studyId, scan_id, use: 'calibration', grade: (index % 5) + 1, why: null },
        ...{ motion_mm: 0.1 * index, origin: 'phantom', added_by: lead, added_at: now() },
      })
      .execute()
  return ids
}
const addCase = (studyId: string, scanId: string, use: KnownCase['use'], grade: number, why: string | null = null) =>
  program.get<KnownCase[]>('lead', 'designs.addCase', { studyId, scanId, use, grade, why })

const desk = (reader: string, studyId: string) => program.get<Desk>(reader, 'reading.desk', { studyId })
const vote = (assignmentId: string, grade: number | null, more: object = {}) => ({
  ...{ assignmentId, grade, reason: grade === null ? 'metal' : null, shownAt: new Date().toISOString() },
  ...{ worstSlice: null, note: null, ...more },
})
const cast = (reader: string, assignmentId: string, grade: number | null, more: object = {}) =>
  program.get<Desk>(reader, 'reading.cast', vote(assignmentId, grade, more))
const refusal = async (reader: string, channel: string, request: unknown) => {
  const outcome = await program.ask(reader, channel, request)
  return outcome.ok ? 'ok' : outcome.error.code
}
/** Reads a whole queue; resolves to every desk on the way. */
async function readQueue(reader: string, studyId: string, grade: (desk: Desk) => number): Promise<Desk[]> {
  const seen = [await desk(reader, studyId)]
  for (let now = seen[0]!; now.current;) seen.push((now = await cast(reader, now.current.assignmentId, grade(now))))
  return seen
}
const rows = (accountId: string, studyId: string) =>
  program.db
    .selectFrom('assignment')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('study_id', '=', studyId)
    .orderBy('position')
    .execute()

describe('the seed of the orders', () => {
  const orderOf = async (reader: string, studyId: string) => (await rows(reader, studyId)).map((row) => row.scan_id)
  const seedTold = async (person: string, studyId: string) =>
    (await program.get<{ design: Design }>(person, 'designs.get', { studyId })).design.seed

  it('is the lead’s to choose, else drawn at the opening, and says nothing about who is A', async () => {
    const [chosen, drawn] = [await draft('Chosen'), await draft('Drawn')]
    for (const id of [chosen, drawn]) await addScans(program.db, id, lead, 6)
    await design(chosen, { seed: 20260401 })
    for (const id of [chosen, drawn]) await open(id)
    expect(await seedTold('lead', chosen)).toBe(20260401)
    expect(await seedTold('lead', drawn)).toBeGreaterThanOrEqual(0)
    // From the seed, the reader and the scans alone anybody comes to the same order.
    const scans = await orderOf(readers[0]!, chosen)
    expect(readerOrder([...scans].sort(), `20260401:${readers[0]!}:1`)).toEqual(scans)
    const { order_seed } = await program.db
      .selectFrom('study')
      .select('order_seed')
      .where('id', '=', chosen)
      .executeTakeFirstOrThrow()
    expect(order_seed).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is kept from readers, and from a lead who reads while the study is read', async () => {
    const studyId = await draft('Read by a lead')
    await addScans(program.db, studyId, lead, 4)
    const both = await program.person('both', 'lead', 'reader')
    readers.push(both.accountId)
    await design(studyId, { seed: 7 })
    await open(studyId)
    expect(await seedTold('both', studyId)).toBeNull()
    expect(await seedTold('lead', studyId)).toBe(7)
    expect(await refusal('r1', 'designs.get', { studyId })).toBe('not-allowed')
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    expect(await seedTold('both', studyId)).toBe(7)
  })
})

describe('hidden repeats and known cases', () => {
  it('cannot be told from other scans by anything a reader is sent', async () => {
    const known = await pool(4)
    const studyId = await draft('Hidden')
    await addScans(program.db, studyId, lead, 30)
    await design(studyId, { repeats: 20, repeatGap: 6 })
    for (const [i, scanId] of known.entries()) await addCase(studyId, scanId, 'hidden', i + 1)
    await open(studyId)
    const order = await rows(readers[0]!, studyId)
    expect(order.map((row) => row.kind).sort()).toEqual(
      [
        ...Array<string>(4).fill('hidden'),
        ...Array<string>(30).fill('primary'),
        ...Array<string>(6).fill('repeat'),
      ].sort(),
    )
    const desks = await readQueue('r1', studyId, () => 3)
    const items = desks.flatMap((one) => (one.current ? [one.current] : []))
    expect(items.length).toBe(40)
    const kindOf = new Map(order.map((row) => [row.id, row.kind]))

    // Names: no two places share one, and none is the scan's own or another table's.
    expect(new Set(items.map((item) => item.scanId)).size).toBe(40)
    expect(new Set(items.map((item) => item.pseudonym)).size).toBe(40)
    const secret = [
      ...(await program.db.selectFrom('scan').select(['id', 'pseudonym', 'content_sha256']).execute()).flatMap((s) => [
        ...[s.id, s.pseudonym, s.content_sha256],
      ]),
      ...(await program.db.selectFrom('known_case').select('id').execute()).map((one) => one.id),
    ]
    const sent = JSON.stringify([desks, await program.get('r1', 'reading.progress', { studyId })])
    for (const word of [...secret, 'repeat', 'hidden', 'primary']) expect(sent).not.toContain(word)
    // Identifiers sort by time: in the order of reading they say nothing more than the place.
    expect(items.map((item) => item.assignmentId)).toEqual(items.map((item) => item.assignmentId).sort())
    expect(items.map((item) => item.position)).toEqual(items.map((_, i) => i + 1))
    // Form: the same keys and the same values beside the names, whichever kind it is.
    const shape = (one: Desk) =>
      Object.keys({ ...one, ...one.current })
        .sort()
        .join()
    const shapes = new Set(desks.slice(0, -1).map(shape))
    expect(shapes.size).toBe(1)
    for (const one of desks) {
      expect(one.feedback).toBeNull()
      if (one.current) expect(one.current).toMatchObject({ calibration: false, second: null })
    }
    // After any of them the vote can be taken back as after any other.
    const answered = desks.slice(1)
    expect(answered.every((one) => one.undoable !== null)).toBe(true)
    expect(new Set(items.map((item) => kindOf.get(item.assignmentId))).size).toBe(3)
    // Their votes are no second votes for the consensus.
    const overview = await program.get<{ agreement: { subjects: number } }>('lead', 'analysis.overview', { studyId })
    expect(overview.agreement.subjects).toBe(30)
  })

  it('gives the lead, and no reader, each reader’s consistency and accuracy', async () => {
    const known = await pool(5)
    const studyId = await draft('Hidden')
    await addScans(program.db, studyId, lead, 20)
    await design(studyId, { repeats: 50, repeatGap: 4 })
    for (const [i, scanId] of known.entries()) await addCase(studyId, scanId, 'hidden', i + 1)
    await open(studyId)
    const kinds = new Map((await rows(readers[0]!, studyId)).map((row) => [row.id, row]))
    const gradeOfKnown = new Map(known.map((scanId, i) => [scanId, i + 1]))
    let repeats = 0
    await readQueue('r1', studyId, (now) => {
      const row = kinds.get(now.current!.assignmentId)!
      if (row.kind === 'hidden') return Math.min(5, gradeOfKnown.get(row.scan_id)! + 1)
      // Every other repeat differs from the first vote, across the cut.
      return row.kind === 'repeat' && ++repeats % 2 === 0 ? 4 : 3
    })
    await readQueue('r2', studyId, () => 1)
    const { readers: results } = await program.get<Quality>('lead', 'analysis.quality', { studyId })
    const letters = await program.db.selectFrom('study_reader').selectAll().where('study_id', '=', studyId).execute()
    const of = (accountId: string) =>
      results.find((one) => one.letter === letters.find((l) => l.account_id === accountId)!.letter)!
    expect(of(readers[0]!).repeats).toMatchObject({ n: 10, same: 5, rate: 0.5, near: 10, sameSide: 5 })
    // 1→2, 2→3, 3→4, 4→5, 5→5: one right, all near, one across the cut.
    expect(of(readers[0]!).hidden).toMatchObject({ n: 5, same: 1, near: 5, sameSide: 4 })
    expect(of(readers[0]!).hidden.kappa.estimate).toBeCloseTo(0.8, 1)
    expect(of(readers[1]!).repeats).toMatchObject({ n: 10, same: 10, rate: 1, kappa: { estimate: null } })
    expect(of(readers[1]!).paired).toBeNull()
    expect(await refusal('r1', 'analysis.quality', { studyId })).toBe('not-allowed')
  })

  it('are kept from a lead who reads, and from a reader who would know them', async () => {
    const [first] = await pool(1)
    const studyId = await draft('Hidden')
    await addScans(program.db, studyId, lead, 3)
    await addCase(studyId, first!, 'hidden', 2)
    const both = await program.person('both', 'lead', 'reader')
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: [...readers, both.accountId] })
    expect((await program.get<{ cases: KnownCase[] }>('both', 'designs.get', { studyId })).cases).toEqual([])
    expect((await program.get<{ cases: KnownCase[] }>('lead', 'designs.get', { studyId })).cases.length).toBe(1)
    expect(
      await refusal('both', 'designs.addCase', { studyId, scanId: first, use: 'hidden', grade: 2, why: null }),
    ).toBe('blinded')
    expect(await refusal('both', 'designs.removeCase', { studyId, caseId: newId() })).toBe('ok')
    await program.db.updateTable('known_case').set({ added_by: both.accountId }).where('use', '=', 'hidden').execute()
    expect(await refusal('lead', 'studies.open', { studyId })).toBe('reader-knows-cases')
  })
})

describe('known cases', () => {
  it('come from settled and phantom scans on the same grades, once each, never from the queue itself', async () => {
    const known = await pool(3)
    const settled = await draft('Settled')
    await addScans(program.db, settled, lead, 4)
    await open(settled)
    await readQueue('r1', settled, (now) => (now.current!.pseudonym === 'P0001-1' ? 2 : 4))
    await readQueue('r2', settled, () => 4)
    const studyId = await draft('Next')
    const candidates = () =>
      program.get<{ scanId: string; grade: number; origin: string }[]>('lead', 'designs.candidates', { studyId })
    // Nothing of a reading that is still open.
    expect((await candidates()).map((one) => one.origin)).toEqual(['phantom', 'phantom', 'phantom'])
    await program.get('lead', 'analysis.seal', { studyId: settled, incomplete: false })
    const unanimous = (await candidates()).filter((one) => one.origin === 'settled')
    expect(unanimous.map((one) => one.grade)).toEqual([4, 4, 4])
    const own = await addScans(program.db, studyId, lead, 2)
    await addCase(studyId, known[0]!, 'exemplar', 1)
    expect(
      await refusal('lead', 'designs.addCase', { studyId, scanId: known[0], use: 'hidden', grade: 1, why: null }),
    ).toBe('case-once')
    expect(
      await refusal('lead', 'designs.addCase', { studyId, scanId: own[0], use: 'hidden', grade: 1, why: null }),
    ).toBe('scan-unknown')
    // The same pictures under another name wait in the queue.
    await program.db.updateTable('scan').set({ content_sha256: 'same' }).where('id', '=', own[0]!).execute()
    await program.db.updateTable('scan').set({ content_sha256: 'same' }).where('id', '=', known[1]!).execute()
    expect(
      await refusal('lead', 'designs.addCase', { studyId, scanId: known[1], use: 'hidden', grade: 1, why: null }),
    ).toBe('case-in-queue')
    expect(
      await refusal('lead', 'designs.addCase', { studyId, scanId: known[2], use: 'hidden', grade: 9, why: null }),
    ).toBe('grade-unknown')
    await open(studyId)
    expect(
      await refusal('lead', 'designs.addCase', { studyId, scanId: known[2], use: 'hidden', grade: 3, why: null }),
    ).toBe('study-not-draft')
  })

  it('as exemplars are open to the study’s readers by a name of their own, and to nobody else', async () => {
    const known = await pool(2)
    const studyId = await draft('With exemplars')
    await addScans(program.db, studyId, lead, 2)
    await addCase(studyId, known[0]!, 'exemplar', 1, 'The cortex is sharp all round.')
    await addCase(studyId, known[1]!, 'hidden', 2)
    const { services } = program
    const { session: r1 } = await program.get<{ session: Session }>('r1', 'accounts.state')
    const stranger = await program.person('stranger', 'reader')
    const served = (who: typeof stranger, name: string) =>
      services.scans.volumeFor(who, name).then(
        () => 'served',
        (error: { code: string }) => error.code,
      )
    const ids = (await program.db.selectFrom('known_case').selectAll().where('study_id', '=', studyId).execute()).map(
      ({ id, use }) => ({ id, use }),
    )
    const exemplar = ids.find((one) => one.use === 'exemplar')!.id
    expect(await served(r1, exemplar)).toBe('scan-unknown')
    await open(studyId)
    const shown = await program.get<{ scanId: string; grade: number }[]>('r1', 'reading.exemplars', { studyId })
    expect(shown).toMatchObject([{ scanId: exemplar, grade: 1, why: 'The cortex is sharp all round.' }])
    expect(await served(r1, exemplar)).toBe('served')
    expect(await served(r1, ids.find((one) => one.use === 'hidden')!.id)).toBe('scan-unknown')
    expect(await served(r1, known[0]!)).toBe('scan-unknown')
    expect(await served(stranger, exemplar)).toBe('scan-unknown')
    const place = (await desk('r1', studyId)).current!
    expect(await served(r1, place.scanId)).toBe('served')
    expect(await served(stranger, place.scanId)).toBe('scan-unknown')
    expect(await refusal('stranger', 'reading.exemplars', { studyId })).toBe('study-unknown')
  })
})

describe('calibration', () => {
  it('comes first, shows the known grade after the own vote, and cannot be answered twice', async () => {
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

describe('rounds', () => {
  it('follow one another after the days between, in another order, and stay apart from the consensus', async () => {
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
    expect(await refusal('r1', 'reading.cast', vote(waiting!.id, 3))).toBe('vote-not-next')
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

describe('what a vote is asked for', () => {
  it('is kept with it, and missing it nothing is cast', async () => {
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
    const tried = (grade: number | null, more: object) => refusal('r1', 'reading.cast', vote(id, grade, more))
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

  it('is left out where the study does not ask', async () => {
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

describe('a reader’s place and settings', () => {
  it('are found again, belong to the person, and the place to the scan in front', async () => {
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

describe('paired reading', () => {
  it('shows the model’s grade after the own first vote alone, keeps both votes, and counts the switches', async () => {
    const trained = await draft('Trained')
    const modelId = newId()
    const studyId = await draft('Paired')
    const scans = await addScans(program.db, studyId, lead, 4)
    await addModel(trained, modelId)
    expect(await refusal('lead', 'designs.set', { studyId, design: { ...plainDesign, pairedModelId: newId() } })).toBe(
      'model-unknown',
    )
    const paired = { ...plainDesign, pairedModelId: modelId }
    expect(await refusal('lead', 'designs.set', { studyId, design: { ...paired, repeats: 10 } })).toBe('design-paired')
    await design(studyId, paired)
    expect(await program.get('lead', 'designs.models', { studyId })).toMatchObject([
      { id: modelId, predicted: 0, scans: 4 },
    ])
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers })
    expect(await refusal('lead', 'studies.open', { studyId })).toBe('predictions-missing')
    // A hidden case would be the one scan after which no model speaks.
    const [known] = await pool(1)
    const [added] = await addCase(studyId, known!, 'hidden', 1)
    expect(await refusal('lead', 'studies.open', { studyId })).toBe('design-paired')
    await program.get('lead', 'designs.removeCase', { studyId, caseId: added!.id })
    for (const scan of scans) await addPrediction(modelId, scan, 5)
    await open(studyId)

    const first = await desk('r1', studyId)
    expect(first).toMatchObject({ total: 4, current: { second: null, position: 1 } })
    expect(first.ahead.length).toBe(2)
    expect(first.ahead.map((one) => one.position)).toEqual([2, 3])
    const second = await cast('r1', first.current!.assignmentId, 2)
    expect(second.current).toMatchObject({
      ...{ scanId: first.current!.scanId, pseudonym: first.current!.pseudonym, position: 1 },
      second: { modelGrade: 5, firstGrade: 2, firstReason: null },
    })
    // Seen the model's grade: the first vote stands.
    expect(second.undoable).toBeNull()
    expect(await refusal('r1', 'reading.undo', { studyId })).toBe('nothing-to-undo')
    const third = await cast('r1', second.current!.assignmentId, 5)
    expect(third.current).toMatchObject({ second: null, position: 2 })
    // The second vote can be taken back, and its scan shows the model's grade again.
    expect((await program.get<Desk>('r1', 'reading.undo', { studyId })).current).toMatchObject({
      second: { modelGrade: 5 },
    })
    await cast('r1', second.current!.assignmentId, 4)
    await readQueue('r1', studyId, (now) => (now.current!.second ? 3 : now.current!.position === 2 ? 5 : 3))
    // Before any vote of r2 nothing of the model is sent, whatever r1 has seen.
    expect(JSON.stringify(await desk('r2', studyId))).not.toContain('modelGrade":')
    const { readers: results, shownModel } = await program.get<Quality>('lead', 'analysis.quality', { studyId })
    const { name } = await program.db
      .selectFrom('model')
      .select('name')
      .where('id', '=', modelId)
      .executeTakeFirstOrThrow()
    expect(shownModel).toBe(name)
    // (2, 4), (5, 3), (3, 3), (3, 3) beside the model's 5.
    expect(results.map((one) => one.paired!).filter((one) => one.n > 0)).toMatchObject([
      { n: 4, switched: 2, rate: 0.5, towards: 1, away: 1, acrossCut: 2, withModelBefore: 1, withModelAfter: 0 },
    ])
    // Consensus is made of the first votes.
    const votes = await program.services.analysis.votes(
      (await program.get<{ session: never }>('lead', 'accounts.state')).session,
      studyId,
    )
    expect(votes.votes.map((one) => one.grade).sort()).toEqual([2, 3, 3, 5])
  })
})

async function addModel(studyId: string, modelId: string): Promise<void> {
  const { db } = program
  const setId = newId()
  const runId = newId()
  await db
    .insertInto('label_set')
    .values({
      ...{ id: setId, study_id: studyId, name: 'Labels', rule: 'majority', digest: 'd', unresolved: 0 },
      ...{ created_by: lead, created_at: now() },
    } as never)
    .execute()
  await db
    .insertInto('training_run')
    .values({
      ...{ id: runId, study_id: studyId, label_set_id: setId, recipe: '{}', folds: '{}', state: 'done' },
      ...{ started_by: lead, started_at: now(), seconds: 1 },
    } as never)
    .execute()
  await db
    .insertInto('model')
    .values({
      ...{ id: modelId, study_id: studyId, run_id: runId, name: 'walle2023', sha256: 'x', parameters: 1 },
      ...{ origin: 'run', created_at: now() },
    } as never)
    .execute()
}

async function addPrediction(modelId: string, scanId: string, grade: number): Promise<void> {
  await program.db
    .insertInto('prediction')
    .values({
      ...{ model_id: modelId, scan_id: scanId, grade, expected_grade: grade, uncertainty: 0, rule: 'mean', tie: 0 },
      ...{ probabilities: '[]', slices: '[]', at: now() },
    } as never)
    .execute()
}
