import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { estimateMotion } from '../../../src/main/imaging/estimate-motion.ts'
import { writeStudy, type WrittenScan } from '../../../src/main/phantom/write.ts'
import { newId } from '../../../src/main/store/identity.ts'
import type { MotionEstimate, OwnMotion } from '../../../src/preload/contract/motion.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { castVote } from '../../fixtures/casting.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { createStudyWith, importAll, readAll, startProgram, type Program } from '../../fixtures/program.ts'

let made: string
let written: WrittenScan[]
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'concord-motion-'))
  const request = { patients: 2, scansPerPatient: 2, size: 64, slices: 2, seed: 3, site: 'both', grades: 'balanced' }
  written = (await writeStudy(join(made, 'study'), { ...request, views: 60 } as never)).scans
})
afterAll(() => rmSync(made, { recursive: true, force: true }))

let program: Program
beforeEach(async () => void (program = await startProgram()))
afterEach(() => program.close())

const cast = (reader: string, assignmentId: string, grade = 3) => castVote(program, reader, assignmentId, grade)
const own = (reader: string, studyId: string, limit = 100) =>
  program.get<OwnMotion[]>(reader, 'motion.own', { studyId, limit })
const estimates = () => program.db.selectFrom('motion_estimate').selectAll().execute()
const ready = () => createStudyWith(program, [{ folder: join(made, 'study', 'scans'), purpose: 'reading' }])

describe('at import', () => {
  it('the projections of each scan of a practice study are found, and their estimate is kept', async () => {
    await ready()
    const kept = await estimates()
    expect(kept.length).toBe(written.length)
    const wanted = await Promise.all(
      written.map(({ id }) => estimateMotion(join(made, 'study', 'projections', `${id}.rsq`))),
    )
    expect(kept.map((row) => row.qme_ncc!).sort()).toEqual(wanted.map(({ qmeNCC }) => qmeNCC!).sort())
    expect(kept.map((row) => row.qme_ssd!).sort()).toEqual(wanted.map(({ qmeSSD }) => qmeSSD!).sort())
  })

  it('projections in the same folder go with their scan by name or by the header’s numbers, never with another', async () => {
    const folder = join(made, 'mixed')
    await mkdir(folder)
    const isqs = written.filter(({ format }) => format === 'isq')
    expect(isqs.length).toBe(2)
    const place = (from: string, to: string) => renameSync(join(made, 'study', from), join(folder, to))
    // As a scanner numbers its files; and under the other scan's name, whose header contradicts it.
    place(isqs[0]!.file, 'C0001234.ISQ')
    place(`projections/${isqs[0]!.id}.rsq`, 'D0001235.RSQ')
    place(isqs[1]!.file, 'C0002000.ISQ')
    try {
      const lead = await program.person('lead', 'lead')
      const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
        ...{ title: 'Mixed', template: 'hrpqct-motion', readersPerScan: 1 },
      })
      const look = await program.services.scans.preview(lead, { studyId, paths: [folder] })
      await look.ended
      const { found } = program.services.scans.previewResult(lead, look.previewId)
      expect(found.map((f) => [f.name, f.status, f.projections])).toEqual([
        ['C0001234.ISQ', 'new', true],
        ['C0002000.ISQ', 'new', false],
      ])
      renameSync(join(folder, 'D0001235.RSQ'), join(folder, 'C0002000.RSQ'))
      await importAll(program, lead, studyId, [folder], 'reading')
      const rows = await program.db
        .selectFrom('motion_estimate')
        .innerJoin('scan', 'scan.id', 'scan_id')
        .select('pseudonym')
        .execute()
      expect(rows).toEqual([{ pseudonym: 'P0001-1' }])
    } finally {
      for (const name of await readdir(folder)) {
        const back = { 'C0001234.ISQ': isqs[0]!.file, 'C0002000.ISQ': isqs[1]!.file }[name]
        renameSync(join(folder, name), join(made, 'study', back ?? `projections/${isqs[0]!.id}.rsq`))
      }
    }
  })
})

describe('a reader', () => {
  it('gets an estimate only beside the own vote, once it can no longer be taken back', async () => {
    const { studyId } = await ready()
    expect(await own('r1', studyId)).toEqual([])
    const first = await program.get<Desk>('r1', 'reading.desk', { studyId })
    const second = await cast('r1', first.current!.assignmentId, 2)
    // It is on the disk, but Backspace would take it back.
    expect(await own('r1', studyId)).toEqual([])
    await cast('r1', second.current!.assignmentId, 4)
    const seen = await own('r1', studyId)
    expect(seen).toMatchObject([{ assignmentId: first.current!.assignmentId, position: 1, grade: 2, voted: true }])
    expect(seen[0]!.qmeNCC).toBeGreaterThan(50)
    // Withdrawn: none can be taken back now, and the first stays what it is.
    const back = await program.get<Desk>('r1', 'reading.undo', { studyId })
    expect(back.undoable).toBeNull()
    expect((await own('r1', studyId)).map((row) => row.position)).toEqual([1])
    expect(await own('r2', studyId)).toEqual([])
    expect(await program.ask('lead', 'motion.own', { studyId, limit: 1 })).toMatchObject({
      error: { code: 'not-allowed' },
    })
  })

  it('gets none of a scan that comes again, in this study or another, before the last vote on it', async () => {
    const { studyId, lead, readers } = await ready()
    const desk = await program.get<Desk>('r1', 'reading.desk', { studyId })
    const again = await program.db
      .selectFrom('assignment')
      .selectAll()
      .where('id', '=', desk.current!.assignmentId)
      .executeTakeFirstOrThrow()
    await program.db
      .insertInto('assignment')
      .values({ ...again, id: newId(), kind: 'repeat', position: 50, place: 50 })
      .execute()
    for (let left: Desk['current'] = desk.current; left && left.position < 50;)
      left = (await cast('r1', left.assignmentId)).current
    const before = await own('r1', studyId)
    // Two are final; the third can be taken back, and the first comes again.
    expect(before.length).toBe(2)
    expect(before.map((row) => row.pseudonym)).not.toContain(desk.current!.pseudonym)
    const repeat = (await program.get<Desk>('r1', 'reading.desk', { studyId })).current!
    expect((await cast('r1', repeat.assignmentId)).undoable).not.toBeNull()
    // The repeat is the last vote and can be taken back: still none for its scan.
    const after = await own('r1', studyId)
    expect(after.length).toBe(3)
    expect(after.map((row) => row.pseudonym)).not.toContain(desk.current!.pseudonym)

    const { id: other } = await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: 'The same scans', template: 'hrpqct-motion', readersPerScan: 1 },
    })
    await importAll(program, lead, other, [join(made, 'study', 'scans')], 'reading')
    await program.get('lead', 'studies.setReaders', { studyId: other, readerIds: [readers[0]!.accountId] })
    await program.get('lead', 'studies.open', { studyId: other })
    expect(await own('r1', studyId)).toEqual([])
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    await readAll(program, 'r1', other, () => 3)
    expect((await own('r1', other)).length).toBe(3)
  })

  it('gets all of the own queue after sealing, with the vote or without', async () => {
    const { studyId } = await ready()
    const first = await program.get<Desk>('r1', 'reading.desk', { studyId })
    await cast('r1', first.current!.assignmentId, 5)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    const all = await own('r1', studyId)
    expect(all.length).toBe(4)
    expect(all.map((row) => [row.voted, row.grade])).toEqual([[true, 5], ...Array(3).fill([false, null])])
    expect((await own('r1', studyId, 1)).map((row) => row.position)).toEqual([1])
  })

  it('meets no estimate in any other reply', async () => {
    const { studyId } = await ready()
    const values = (await estimates()).flatMap((row) => [row.qme_ncc, row.qme_ssd]).map(String)
    const replies: unknown[] = [await program.get('r1', 'reading.desk', { studyId })]
    for (const channel of ['reading.progress', 'studies.get', 'studies.list', 'scans.list', 'motion.ofScan'])
      replies.push(await program.ask('r1', channel, { studyId, scanId: newId() }))
    for (const value of values) expect(JSON.stringify(replies)).not.toContain(value)
    expect(values.length).toBe(8)
  })
})

describe('a lead', () => {
  it('gets the estimate of a disputed scan, unless they read in the study', async () => {
    const { studyId, scans } = await ready().then(async (study) => ({
      ...study,
      scans: await program.db.selectFrom('scan').select('id').where('study_id', '=', study.studyId).execute(),
    }))
    await readAll(program, 'r1', studyId, () => 2)
    await readAll(program, 'r2', studyId, () => 4)
    const disputed = await disputedOf(program, studyId)
    expect(disputed.length).toBe(4)
    const kept = await estimates()
    for (const { scanId } of disputed) {
      const shown = await program.get<MotionEstimate>('lead', 'motion.ofScan', { studyId, scanId })
      expect(shown.qmeNCC).toBe(kept.find((row) => row.scan_id === scanId)!.qme_ncc)
    }
    expect(await program.ask('lead', 'motion.ofScan', { studyId, scanId: newId() })).toMatchObject({
      error: { code: 'scan-unknown' },
    })

    const both = await program.person('both', 'lead', 'reader')
    const { id: mine } = await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: 'Mine', template: 'hrpqct-motion', readersPerScan: 1 },
    })
    await importAll(program, both, mine, [join(made, 'study', 'scans')], 'reading')
    await program.get('lead', 'studies.setReaders', { studyId: mine, readerIds: [both.accountId] })
    await program.get('lead', 'studies.open', { studyId: mine })
    const scan = await program.db.selectFrom('scan').select('id').where('study_id', '=', mine).executeTakeFirstOrThrow()
    const ask = () => program.ask('both', 'motion.ofScan', { studyId: mine, scanId: scan.id })
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'blinded' } })
    await program.get('lead', 'analysis.seal', { studyId: mine, incomplete: true })
    expect(await ask()).toMatchObject({ ok: true })
    expect(scans.length).toBe(4)
  })
})
