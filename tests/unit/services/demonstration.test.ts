import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Overview } from '../../../src/preload/contract/analysis.ts'
import type { Study } from '../../../src/preload/contract/studies.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let study: Study

beforeAll(async () => {
  program = await startProgram()
  await program.person('lead', 'lead')
  study = await program.get<Study>('lead', 'studies.makeDemonstration', { title: 'Demonstration' })
})
afterAll(() => program.close())

const overview = (filter?: object) =>
  program.get<Overview>('lead', 'analysis.overview', { studyId: study.id, ...(filter ? { filter } : {}) })

describe('the demonstration', () => {
  it('is a sealed study of the size of the thesis’s, blinded as any other', async () => {
    expect(study).toMatchObject({ state: 'sealed', unblinded: false, scans: { reading: 1000, unread: 0 } })
    const { votes, readers } = await overview()
    expect(votes).toEqual({ cast: 3000, expected: 3000 })
    expect(readers.map(({ letter, displayName }) => [letter, displayName])).toEqual([
      ['A', null],
      ['B', null],
      ['C', null],
    ])
  })

  // Printed: full agreement 57.0 % (tibia) and 45.2 % (radius), re-scan disagreement 4.6 % and 10.2 %, 51.1 % and 7.4 % over
  // all; bounds of three standard errors of a sample of 500 or 1000.
  it.each([
    ['tibia', 0.57, 0.046, 500],
    ['radius', 0.452, 0.102, 500],
    [undefined, 0.511, 0.074, 1000],
  ])('shows the printed figures of %s on the page', async (site, full, rescan, n) => {
    const { agreement } = await overview(site ? { site } : undefined)
    const se = (p: number) => Math.sqrt((p * (1 - p)) / n)
    expect(Math.abs(agreement.fullAgreementRate! - full)).toBeLessThan(3 * se(full))
    expect(Math.abs(agreement.rescan.disagreementRate! - rescan)).toBeLessThan(3 * se(rescan))
    expect(agreement.rescan.n).toBe(n)
  })

  it('has the printed grades by rounded mean, and the rate beside the cut', async () => {
    const { labels, agreement, rescanByMonth } = await overview({ site: 'tibia' })
    const rounded = labels.find(({ rule }) => rule === 'rounded-mean')!.counts!
    for (const [i, printed] of [334, 97, 42, 24, 2].entries())
      expect(Math.abs(rounded[i]!.count - printed)).toBeLessThan(3 * Math.sqrt(printed) + 5)
    // 34 % of the tibiae with a rounded grade of 3 or 4.
    const { rate, n } = agreement.rescan.besideCut
    expect(Math.abs(rate! - 0.34)).toBeLessThan(3 * Math.sqrt((0.34 * 0.66) / n))
    expect(rescanByMonth.length).toBeGreaterThan(1)
  })

  it('leaves accounts that nobody can use, and an audit trail that holds', async () => {
    const accounts = await program.get<{ name: string; state: string }[]>('admin', 'accounts.list')
    const simulated = accounts.filter(({ name }) => name.startsWith('simulated.'))
    expect(simulated.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed'])
    const { checkTrail } = await import('../../../src/main/store/verify.ts').then((verify) => ({
      checkTrail: verify.verifyChain,
    }))
    expect(await checkTrail(program.db)).toMatchObject({ votes: 3000, broken: null })
  })

  it('can be made a second time', async () => {
    const second = await program.get<Study>('lead', 'studies.makeDemonstration', { title: 'Another' })
    expect(second.state).toBe('sealed')
    expect(await program.ask('lead', 'studies.makeDemonstration', { title: 'Another' })).toMatchObject({
      error: { code: 'title-taken' },
    })
  })
})
