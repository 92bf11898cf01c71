import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/preload/contract/comparison.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

// Twelve scans. r1 is right but for two; r2 and r3 agree with one another on all but scan 1, where nobody agrees.
const truth = (pseudonym: string): number => 1 + (Number(pseudonym.replace(/\D/g, '')) % 5)
const odd = 'P0001-1'
let program: Program
let study: ReadyStudy

const of = (reader: string) => program.ask(reader, 'reading.comparison', { studyId: study.studyId })
const own = (reader: string) => program.get<Comparison>(reader, 'reading.comparison', { studyId: study.studyId })
const allow = (allowed: boolean) =>
  program.get('lead', 'studies.setReadersSeeAfterwards', { studyId: study.studyId, allowed })
const closed = { ok: false, error: { code: 'comparison-closed' } }

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 12)
  await readAll(program, 'r1', study.studyId, (p) =>
    p === 'P0002-1'
      ? Math.min(5, truth(p) + 2)
      : p === 'P0003-2'
        ? Math.max(1, truth(p) - 1)
        : p === odd
          ? 1
          : truth(p),
  )
  await readAll(program, 'r2', study.studyId, (p) => (p === odd ? 3 : truth(p)))
  await readAll(program, 'r3', study.studyId, (p) => (p === odd ? 5 : truth(p)))
})
afterAll(() => program.close())

describe('how a reader differs from the consensus', () => {
  it('stays closed before the seal, after it, and without the permission of the study', async () => {
    expect(await of('r1')).toMatchObject(closed)
    await allow(true)
    expect(await of('r1')).toMatchObject(closed)
    await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
    expect(await of('r1')).toMatchObject(closed)
    await allow(false)
    await program.get('lead', 'analysis.unblind', { studyId: study.studyId })
    expect(await of('r1')).toMatchObject(closed)
    await allow(true)
    expect(await of('r1')).toMatchObject({ ok: true })
  })

  it('is for the readers of the study alone', async () => {
    await program.person('stranger', 'reader')
    expect(await of('stranger')).toMatchObject({ error: { code: 'study-unknown' } })
    expect(await of('lead')).toMatchObject({ error: { code: 'not-allowed' } })
    expect(
      await program.ask('r1', 'studies.setReadersSeeAfterwards', { studyId: study.studyId, allowed: false }),
    ).toMatchObject({ error: { code: 'not-allowed' } })
  })

  it('counts the own grades against the majority, the odd scan left out', async () => {
    const { n, left, same, above, below, meanDifference, sameSide, matrix, scans, reference } = await own('r1')
    expect({ n, left, above, below, reference }).toEqual({
      ...{ n: 11, left: 1, above: 1, below: 1 },
      reference: { labelSet: null, rule: 'majority', at: null },
    })
    expect(same).toMatchObject({ count: 9, rate: 9 / 11 })
    const expected = scans.map(({ pseudonym, own: mine, consensus }) => [pseudonym, mine - consensus])
    expect(Object.fromEntries(expected)).toEqual({
      'P0002-1': Math.min(5, truth('P0002-1') + 2) - truth('P0002-1'),
      'P0003-2': Math.max(1, truth('P0003-2') - 1) - truth('P0003-2'),
    })
    expect(meanDifference).toBeCloseTo(expected.reduce((sum, [, by]) => sum + Number(by), 0) / 11, 12)
    expect(sameSide!.count).toBe(11 - scans.filter((scan) => scan.acrossCut).length)
    expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(11)
    expect((await own('r2')).same).toMatchObject({ count: 11, rate: 1 })
  })

  it('takes the grade that the lead settled, and the newest label set once there is one', async () => {
    const scanId = study.scanIds[0]!
    await program.get('lead', 'analysis.adjudicate', {
      ...{ studyId: study.studyId, scanId, grade: 3, cause: 'definition', reason: '' },
    })
    expect((await own('r1')).scans).toContainEqual(
      expect.objectContaining({ scanId, own: 1, consensus: 3, acrossCut: false }),
    )
    await program.get('lead', 'labels.freeze', { studyId: study.studyId, name: 'First', rule: 'rounded-mean' })
    const frozen = await own('r1')
    expect(frozen.reference).toMatchObject({ labelSet: 'First', rule: 'rounded-mean' })
    expect(frozen.n).toBe(12)
  })

  it('says nothing of any other reader: no name, no letter, no grade', async () => {
    const text = JSON.stringify(await own('r1'))
    expect(text).not.toMatch(/Dr r[23]|letter|displayName|votes/)
    for (const reader of study.readers) expect(text).not.toContain(reader.accountId)
    // Another reader's grade of a scan is not a key of what is sent, and the scan on which all three differ has one
    // number beside the own: what the lead settled.
    const scan = (await own('r1')).scans.find((one) => one.pseudonym === odd)!
    expect(Object.keys(scan).sort()).toEqual(
      ['acrossCut', 'consensus', 'note', 'own', 'pseudonym', 'scanId', 'side', 'site', 'worstSlice'].sort(),
    )
  })

  it('opens the own scans and no others', async () => {
    const { scans } = await own('r1')
    await expect(program.services.scans.volumeFor(study.readers[0]!, scans[0]!.scanId)).resolves.toContain('volumes')
    const stranger = await program.get<typeof study.lead>('stranger', 'accounts.signIn', {
      ...{ name: 'stranger', password: 'correct horse battery' },
    })
    await expect(program.services.scans.volumeFor(stranger, scans[0]!.scanId)).rejects.toMatchObject({
      code: 'scan-unknown',
    })
  })

  it('records each change of the permission', async () => {
    await allow(true)
    const acts = await program.db
      .selectFrom('audit')
      .select('act')
      .where('act', 'like', 'study.readers-see-%')
      .orderBy('sequence')
      .execute()
    expect(acts.map(({ act }) => act.replace('study.readers-see-', ''))).toEqual(['allowed', 'withdrawn', 'allowed'])
  })
})
