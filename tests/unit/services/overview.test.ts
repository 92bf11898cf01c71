import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DisputedScan, Overview } from '../../../src/preload/contract/analysis.ts'
import { agreementReport } from '../../../src/main/domain/agreement/report.ts'
import { ratingsOf } from '../../../src/main/domain/agreement/ratings.ts'
import { countingVotes } from '../../../src/main/services/votes.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy
const grades: Record<string, (n: number) => number> = {
  r1: (n) => 1 + (n % 5),
  r2: (n) => 1 + ((n + (n % 3 === 0 ? 1 : 0)) % 5),
  r3: (n) => 1 + ((n * 3) % 5),
}
const numberOf = (pseudonym: string): number => Number(pseudonym.replace(/\D/g, ''))
const overview = (filter?: object): Promise<Overview> =>
  program.get('lead', 'analysis.overview', { studyId: study.studyId, ...(filter ? { filter } : {}) })

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 24)
  for (const [reader, grade] of Object.entries(grades))
    await readAll(program, reader, study.studyId, (pseudonym) => grade(numberOf(pseudonym)))
})
afterAll(() => program.close())

async function expected(keep: (vote: Awaited<ReturnType<typeof countingVotes>>[number]) => boolean) {
  const votes = (await countingVotes(program.db, study.studyId)).filter(keep)
  const rated = votes.map((v) => ({ subject: v.scanId, rater: v.letter, grade: v.grade, patient: v.patientId }))
  return agreementReport(ratingsOf(rated, [1, 2, 3, 4, 5]), { rescanFrom: 4, bootstrap: 0, seed: 1 })
}

describe('the overview', () => {
  it('has the figures of the votes themselves, those by site and pair included', async () => {
    const { agreement, rescanBySite, rescanByPair, rescanByMonth, disputed, readers } = await overview()
    const all = await expected(() => true)
    expect(agreement.fleissKappa.estimate).toBe(all.fleissKappa.estimate)
    expect(agreement.krippendorffAlpha.ordinal.estimate).toBe(all.krippendorffAlpha.ordinal.estimate)
    expect(agreement.rescan).toMatchObject({ count: all.rescan.count, n: 24 })
    for (const { site, rate, n } of rescanBySite) {
      const { rescan } = await expected((vote) => vote.site === site)
      expect({ rate, n }).toEqual({ rate: rescan.disagreementRate, n: rescan.n })
    }
    expect(rescanByPair.map(({ raters }) => raters)).toEqual([
      ['A', 'B'],
      ['A', 'C'],
      ['B', 'C'],
    ])
    for (const { raters, count } of rescanByPair)
      expect(count).toBe((await expected((vote) => raters.includes(vote.letter))).rescan.count)
    expect(rescanByMonth.reduce((sum, { n }) => sum + n, 0)).toBe(24)
    expect(readers.map(({ distribution }) => distribution.reduce((sum, { count }) => sum + count, 0))).toEqual([
      24, 24, 24,
    ])
    expect(disputed).toBe(
      (await program.get<unknown[]>('lead', 'analysis.disputed', { studyId: study.studyId })).length,
    )
  })

  it('follows a filter of site, readers and days', async () => {
    const tibia = await overview({ site: 'tibia' })
    expect(tibia.agreement.fleissKappa.estimate).toBe((await expected((v) => v.site === 'tibia')).fleissKappa.estimate)
    expect(tibia.agreement.subjects).toBe(16)
    const two = await overview({ readers: ['A', 'C'] })
    expect(two.agreement.raters).toEqual(['A', 'C'])
    expect(two.agreement.rescan.count).toBe((await expected((v) => v.letter !== 'B')).rescan.count)
    const today = new Date().toISOString().slice(0, 10)
    expect((await overview({ to: today })).agreement.subjects).toBe(24)
    const before = await overview({ to: '2000-01-01' })
    expect(before.agreement.subjects).toBe(0)
    expect(before.agreement.fleissKappa.estimate).toBeNull()
    expect(before.agreement.fleissKappa.reason).toMatch(/cannot be computed/)
  })

  it('says why there is no figure with one reader', async () => {
    const { agreement, rescanByPair } = await overview({ readers: ['B'] })
    expect(agreement.rescan.disagreementRate).toBeNull()
    expect(agreement.rescan.reason).toMatch(/cannot be computed/)
    expect(rescanByPair).toEqual([])
    expect(JSON.stringify(agreement)).not.toContain('NaN')
  })

  it('knows a vote that was taken back, and the one cast in its place', async () => {
    const { studyId } = study
    const before = await overview()
    await program.get('r1', 'reading.undo', { studyId })
    expect((await overview()).votes.cast).toBe(before.votes.cast - 1)
    expect((await overview()).agreement.fleissKappa.estimate).toBe((await expected(() => true)).fleissKappa.estimate)
    await readAll(program, 'r1', studyId, () => 5)
    expect((await overview()).agreement.fleissKappa.estimate).toBe((await expected(() => true)).fleissKappa.estimate)
  })

  it('tells how the grades of a disputed scan spread', async () => {
    const scans = await program.get<DisputedScan[]>('lead', 'analysis.disputed', { studyId: study.studyId })
    for (const { votes, entropy } of scans)
      expect(entropy).toBeCloseTo(new Set(votes.map(({ grade }) => grade)).size === 3 ? Math.log2(3) : 0.9183, 4)
  })
})
