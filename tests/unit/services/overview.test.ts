import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DisputedPage, Overview } from '../../../src/preload/contract/analysis.ts'
import { agreementReport } from '../../../src/main/domain/agreement/report.ts'
import { ratingsOf } from '../../../src/main/domain/agreement/ratings-builder.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { moreDisputed } from '../../../src/main/domain/consensus/dispute.ts'
import { studyOf } from '../../../src/main/services/context.ts'
import { countingVotes } from '../../../src/main/services/votes/counting.ts'
import { disputedScans } from '../../../src/main/services/votes/disputes.ts'
import { disputedOf, firstDisputed } from '../../fixtures/disputed.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
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

async function allVotes() {
  const reader = await program.services.sealing.forFigures(program.db, study.lead, study.studyId)
  return countingVotes(program.db, reader, study.studyId)
}

/** The disputed scans of all votes at once, put in order here. */
async function wholeList() {
  const { studyId, lead } = study
  const reader = await program.services.sealing.forFigures(program.db, lead, studyId)
  const scanIds = new Set((await allVotes()).map(({ scanId }) => scanId))
  const all = await disputedScans(program.db, reader, await studyOf(program.db, studyId), [...scanIds])
  return all.sort((a, b) => moreDisputed(a, b) || a.pseudonym.localeCompare(b.pseudonym))
}

async function expected(keep: (vote: Awaited<ReturnType<typeof countingVotes>>[number]) => boolean) {
  const votes = (await allVotes()).filter(keep)
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
    expect(rescanByMonth).toMatchObject([{ month: new Date().toISOString().slice(0, 7), n: 24 }])
    expect(readers.map(({ distribution }) => distribution.reduce((sum, { count }) => sum + count, 0))).toEqual([
      24, 24, 24,
    ])
    expect(disputed).toBe((await disputedOf(program, study.studyId)).length)
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

  it('answers at once without what takes longer, and the rest is the same', async () => {
    const { studyId } = study
    const all = await overview()
    const soon = await program.get<Overview>('lead', 'analysis.overview', { studyId, everything: false })
    expect(soon.everything).toBe(false)
    expect(soon.agreement.krippendorffAlpha.ordinal.ci).toBeNull()
    expect(all.agreement.krippendorffAlpha.ordinal.ci).not.toBeNull()
    expect(soon.agreement.krippendorffAlpha.ordinal.estimate).toBe(all.agreement.krippendorffAlpha.ordinal.estimate)
    expect(soon.agreement.rescan).toEqual(all.agreement.rescan)
    expect(soon.rescanBySite).toEqual(all.rescanBySite)
    expect(soon.labels.at(-1)).toEqual({ rule: 'dawid-skene', counts: null })
    expect(soon.labels.slice(0, 3)).toEqual(all.labels.slice(0, 3))
  })

  it('counts the labels of each rule, and filters by them', async () => {
    const { labels } = await overview()
    expect(labels.map(({ rule }) => rule)).toEqual(['majority', 'rounded-mean', 'median', 'dawid-skene'])
    for (const { rule, counts } of labels) {
      expect(counts!.reduce((sum, { count }) => sum + count, 0)).toBe(24)
      for (const { grade, count } of counts!) {
        const part = await overview({ rule, label: grade })
        expect(part.agreement.subjects).toBe(count)
        if (grade === null && count > 0) expect(part.agreement.percentAgreement.allRaters).toBe(0)
      }
    }
  })

  it('gives the disputed scans by pages, in every order, as the whole list has them', async () => {
    const { studyId } = study
    const all = await wholeList()
    const page = (wanted: object) =>
      program.get<DisputedPage>('lead', 'analysis.disputedPage', { ...firstDisputed(studyId), ...wanted })
    const first = await page({})
    expect(first.rows).toEqual(all)
    expect(first).toMatchObject({
      ...{ total: all.length, shown: all.length, unsettled: all.length },
      acrossCut: all.filter((scan) => scan.acrossCut).length,
      conflicts: all.filter((scan) => scan.ruleConflict).length,
      openConflicts: all.filter((scan) => scan.ruleConflict).length,
      noMajority: all.filter((scan) => scan.majority === null).length,
    })
    expect((await page({ offset: 3, limit: 4 })).rows).toEqual(all.slice(3, 7))
    for (const by of ['range', 'entropy', 'pseudonym'] as const)
      for (const down of [true, false]) {
        const values = (await page({ order: { by, down } })).rows.map((scan) => scan[by])
        const sorted = [...values].sort((a, b) => (a < b ? -1 : Number(a > b)))
        expect(values).toEqual(down ? sorted.reverse() : sorted)
      }
    const sites = (await page({ order: { by: 'site', down: false } })).rows.map(({ site }) => site)
    expect(sites).toEqual([...sites].sort())
    const across = await page({ only: { acrossCut: true, unsettled: false, conflict: false } })
    expect(across.rows).toEqual(all.filter((scan) => scan.acrossCut))
    expect(across.total).toBe(all.length)
    const radius = await page({ filter: { site: 'radius' } })
    expect(radius.rows).toEqual(all.filter((scan) => scan.site === 'radius'))
    expect((await page({ offset: 400 })).rows).toEqual([])
  })

  it('tells how each reader moves against the others from the first to the last vote', async () => {
    const { readers } = await overview()
    for (const { drift, driftParts, letter } of readers) {
      expect(drift.n).toBe(24)
      expect(driftParts).toHaveLength(10)
      expect(driftParts.reduce((sum, { n }) => sum + n, 0)).toBe(24)
      // The parts' mean is the reader's mean less the others': as the votes themselves say.
      const votes = await allVotes()
      const mean = votes
        .filter((v) => v.letter === letter)
        .map((v) => {
          const others = votes.filter((o) => o.scanId === v.scanId && o.letter !== letter)
          return v.grade! - others.reduce((sum, o) => sum + o.grade! / others.length, 0)
        })
        .reduce((sum, value) => sum + value / 24, 0)
      expect(driftParts.reduce((sum, part) => sum + (part.mean * part.n) / 24, 0)).toBeCloseTo(mean, 12)
    }
  })

  it('compares the grades of scans that were shown again', async () => {
    const { db } = program
    expect((await overview()).readers[0]!.repeats).toMatchObject({ n: 0, same: null, reason: expect.any(String) })
    const said = new Map((await votesSaid(program)).map((vote) => [vote.id, vote.grade]))
    const rows = await db
      .selectFrom('assignment')
      .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
      .innerJoin('study_reader', 'study_reader.account_id', 'assignment.account_id')
      .selectAll('assignment')
      .select(['vote.id as voteId', 'vote.revision as revision'])
      .where('study_reader.letter', '=', 'A')
      .orderBy('vote.revision', 'desc')
      .execute()
    const own = rows.map(({ voteId, ...row }) => ({ ...row, grade: said.get(voteId)! }))
    for (const [index, scanId] of [...new Set(own.map((vote) => vote.scan_id))].slice(0, 4).entries()) {
      const first = own.find((vote) => vote.scan_id === scanId)!
      const { grade, revision: _, ...assignment } = first
      const id = newId()
      await db
        .insertInto('assignment')
        .values({ ...assignment, id, kind: 'repeat', position: 100 + index, voted: 1 })
        .execute()
      await db
        .insertInto('vote')
        .values({
          ...{ id: newId(), assignment_id: id, revision: 1, kind: 'cast', reason: null, note: null, worst_slice: null },
          ...{ shown_at: null, cast_at: now(), salt: '', grade: index === 0 ? (grade % 5) + 1 : grade },
        })
        .execute()
    }
    const { readers, agreement } = await overview()
    const [a] = readers.filter(({ letter }) => letter === 'A')
    expect(a!.repeats).toMatchObject({ n: 4, same: 0.75 })
    expect(agreement.subjects).toBe(24)
  })

  it('tells how the grades of a disputed scan spread', async () => {
    for (const { votes, entropy } of await disputedOf(program, study.studyId))
      expect(entropy).toBeCloseTo(new Set(votes.map(({ grade }) => grade)).size === 3 ? Math.log2(3) : 0.9183, 4)
  })
})
