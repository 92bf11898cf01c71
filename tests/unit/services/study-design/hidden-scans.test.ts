import { describe, expect } from 'vitest'
import type { KnownCase } from '../../../../src/preload/contract/design.ts'
import type { Quality } from '../../../../src/preload/contract/analysis.ts'
import type { Desk } from '../../../../src/preload/contract/reading.ts'
import { newId } from '../../../../src/main/store/identity.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('hidden repeats and known cases', () => {
  it('cannot be told from other scans by anything a reader is sent', async ({
    at: { program, lead, readers, draft, open, design, pool, addCase, readQueue, rows },
  }) => {
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

  it('gives the lead, and no reader, each reader’s consistency and accuracy', async ({
    at: { program, lead, readers, draft, open, design, pool, addCase, refusal, readQueue, rows },
  }) => {
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

  it('are kept from a lead who reads, and from a reader who would know them', async ({
    at: { program, lead, readers, draft, pool, addCase, refusal },
  }) => {
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
