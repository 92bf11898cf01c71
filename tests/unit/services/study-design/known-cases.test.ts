import { describe, expect } from 'vitest'
import type { Session } from '../../../../src/preload/contract/accounts.ts'
import { addScans } from '../../../fixtures/program.ts'
import { it } from '../../../fixtures/design-study.ts'

describe('known cases', () => {
  it('come from settled and phantom scans on the same grades, once each, never from the queue itself', async ({
    at: { program, lead, draft, open, pool, addCase, refusal, readQueue },
  }) => {
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

  it('as exemplars are open to the study’s readers by a name of their own, and to nobody else', async ({
    at: { program, lead, draft, open, pool, addCase, desk, refusal },
  }) => {
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
