import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ratingsFromTable } from '../../../src/main/domain/agreement/ratings.ts'
import { tabulate } from '../../../src/main/domain/agreement/table.ts'
import { toTheEnd } from '../../../src/main/domain/agreement/bootstrap.ts'
import { dawidSkene, dawidSkeneSteps } from '../../../src/main/domain/consensus/dawid-skene.ts'
import { disputeOf, moreDisputed } from '../../../src/main/domain/consensus/dispute.ts'
import { consensusReport } from '../../../src/main/domain/consensus/report.ts'
import { type VoteRule, voteRules } from '../../../src/main/domain/consensus/rules.ts'
import { consensusOfScan, type ScanVote, voteDistribution } from '../../../src/main/domain/consensus/scan.ts'

/** A text that contains `part`, inside an expected object. */
const text = (part: string) => expect.stringContaining(part) as string

const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const triples = scale.categories.flatMap((a) => scale.categories.flatMap((b) => scale.categories.map((c) => [a, b, c])))
const label = (votes: ScanVote[], rule: VoteRule) => consensusOfScan(votes, rule, scale).label

describe('all 125 triples', () => {
  it.each(triples)('%i %i %i', (a, b, c) => {
    const votes = [a, b, c]
    const sorted = [...votes].sort((x, y) => x - y)
    const two = sorted.find((grade, i) => grade === sorted[i + 1]) ?? null
    // Written apart from the rules: of three votes no mean ends in .5, the middle one is the median.
    expect(label(votes, 'majority')).toBe(two)
    expect(label(votes, 'rounded-mean')).toBe(Math.round((a + b + c) / 3))
    expect(label(votes, 'median')).toBe(sorted[1])
    const byMean = Math.round((a + b + c) / 3) >= 4
    const byDecision = votes.filter((grade) => grade >= 4).length >= 2
    expect(consensusOfScan(votes, 'majority', scale).conflict !== null).toBe(byMean !== byDecision)
    expect(consensusOfScan(votes, 'median', scale).rescan).toBe(byDecision)
  })

  const unordered = triples.filter(([a, b, c]) => a! <= b! && b! <= c!)

  it('of the 35 unordered ones 10 have no majority', () => {
    expect(unordered).toHaveLength(35)
    expect(unordered.filter((votes) => label(votes, 'majority') === null)).toHaveLength(10)
  })

  it('the rules part ways in (1,4,4), (1,4,5), (2,4,4), (3,3,5) and no other', () => {
    const conflicts = unordered.filter((votes) => consensusOfScan(votes, 'majority', scale).conflict)
    expect(conflicts).toEqual([
      [1, 4, 4],
      [1, 4, 5],
      [2, 4, 4],
      [3, 3, 5],
    ])
  })
})

describe('two and four readers, missing votes', () => {
  it('majority needs two votes and more than half', () => {
    expect(label([3], 'majority')).toBeNull()
    expect(label([3, null, null], 'majority')).toBeNull()
    expect(label([3, 3], 'majority')).toBe(3)
    expect(label([3, 4], 'majority')).toBeNull()
    expect(label([3, 3, null], 'majority')).toBe(3)
    expect(label([2, 2, 5, 5], 'majority')).toBeNull()
    expect(label([2, 2, 5, 1], 'majority')).toBeNull()
    expect(label([2, 2, 2, 1], 'majority')).toBe(2)
  })

  it('means and medians that end in a half go up', () => {
    expect(label([3, 4], 'rounded-mean')).toBe(4)
    expect(label([1, 2, 2, 1], 'rounded-mean')).toBe(2)
    expect(label([1, 1, 1, 2], 'rounded-mean')).toBe(1)
    expect(label([4], 'rounded-mean')).toBe(4)
    expect(label([3, 4], 'median')).toBe(4)
    expect(label([1, 2, 3, 5], 'median')).toBe(3)
    expect(label([1, 1, 5, 5], 'median')).toBe(3)
    expect(label([null, 2, null], 'median')).toBe(2)
  })

  it('no vote gives no label, with the reason', () => {
    for (const rule of voteRules)
      expect(consensusOfScan([null, null], rule, scale)).toMatchObject({
        label: null,
        rescan: null,
        reason: text('no reader'),
      })
  })

  it('a tie of the re-scan decision is no conflict', () => {
    expect(consensusOfScan([3, 4], 'rounded-mean', scale)).toMatchObject({ label: 4, rescan: true, conflict: null })
  })

  it('"cannot be graded" by more than half gives no label, by fewer is left out', () => {
    expect(consensusOfScan(['cannot', 'cannot', 3], 'majority', scale)).toMatchObject({
      label: null,
      reason: text('cannot'),
    })
    expect(consensusOfScan(['cannot', 3, 3], 'majority', scale).label).toBe(3)
    expect(consensusOfScan(['cannot', 3], 'majority', scale)).toMatchObject({
      label: null,
      reason: text('two votes'),
    })
    expect(consensusOfScan(['cannot', 3], 'rounded-mean', scale).label).toBe(3)
  })

  it("the lead's grade takes the rule's place", () => {
    expect(consensusOfScan([1, 3, 5], 'majority', scale, 4)).toMatchObject({
      label: 4,
      rescan: true,
      adjudicated: true,
    })
    expect(() => consensusOfScan([1], 'majority', scale, 6)).toThrow(/not on the scale/)
  })

  it('an uneven scale rounds to the nearest declared grade', () => {
    const uneven = { categories: [0, 1, 4], rescanFrom: 4 }
    expect(consensusOfScan([1, 4], 'rounded-mean', uneven).label).toBe(4) // 2.5 is half way
    expect(consensusOfScan([1, 1, 4], 'rounded-mean', uneven).label).toBe(1)
  })

  it('soft labels are the shares of the votes', () => {
    expect(voteDistribution([1, 1, 2, null], scale.categories)).toEqual([2 / 3, 1 / 3, 0, 0, 0])
    expect(voteDistribution([null, 'cannot'], scale.categories)).toBeNull()
  })
})

describe('disputes', () => {
  it('across the cut first, then range, then entropy', () => {
    const lists: number[][] = [[3, 3, 3], [1, 1, 3], [3, 3, 4], [1, 2, 3], [1, 4, 4]] // prettier-ignore
    const sorted = lists
      .map((votes) => ({ votes, ...disputeOf(votes, scale) }))
      .sort(moreDisputed)
      .map(({ votes }) => votes)
    expect(sorted).toEqual([[1, 4, 4], [3, 3, 4], [1, 2, 3], [1, 1, 3], [3, 3, 3]]) // prettier-ignore
    expect(disputeOf([1, 2], scale)).toEqual({ range: 1, acrossCut: false, entropy: 1 })
    expect(disputeOf([null], scale)).toEqual({ range: 0, acrossCut: false, entropy: 0 })
  })
})

describe('dawid-skene', () => {
  it('weighs a reliable pair over a careless third, and says how reliable each is', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [1 + (i % 3), 1 + (i % 3), 1 + ((i * 5 + (i >> 2)) % 3)])
    const report = consensusReport(ratingsFromTable(rows, [1, 2, 3]), 'dawid-skene', null)
    expect(report.labels.map(({ label: of }) => of)).toEqual(rows.map(([truth]) => truth))
    if (!('readers' in report)) throw new Error('readers are missing')
    for (const reader of report.readers)
      for (const row of reader.confusion) expect(row!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(report.readers[0]!.confusion[0]![0]).toBeCloseTo(1, 9)
    expect(report.readers[2]!.confusion[0]![0]).toBeLessThan(0.6)
    expect(report.prior!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(report.converged).toBe(true)
  })

  it('ends where the work allowed is done, says so, and ends there again', () => {
    const table = tabulate(ratingsFromTable([[1, 2, 1], [2, 2, 1], [1, 3, 3], [3, 2, 1]], [1, 2, 3])) // prettier-ignore
    const ended = () => toTheEnd(dawidSkeneSteps(table, 60))
    expect(ended()).toMatchObject({ converged: false, iterations: 5 })
    expect(ended()).toEqual(ended())
  })

  it('is one step of counting where all agree', () => {
    const model = dawidSkene(tabulate(ratingsFromTable([[1, 1], [2, 2], [2, 2], [null, null]], [1, 2, 3]))) // prettier-ignore
    expect(model.prior).toEqual([1 / 3, 2 / 3, 0])
    expect(model.readers[0]).toEqual([[1, 0, 0], [0, 1, 0], null]) // prettier-ignore
    expect(model.logLikelihood).toBeCloseTo(Math.log(1 / 3) + 2 * Math.log(2 / 3), 12)
    expect(model.posterior.filter((row) => row === null)).toHaveLength(1)
  })

  it('leaves a symmetric tie undecided', () => {
    const report = consensusReport(ratingsFromTable([[1, 2], [2, 1]], [1, 2]), 'dawid-skene', null) // prettier-ignore
    expect(report.noConsensus + report.labels.filter((one) => one.label !== null).length).toBe(2)
    const none = consensusReport(ratingsFromTable([[null, null]], [1, 2]), 'dawid-skene', null)
    expect(none).toMatchObject({ noConsensus: 1, prior: null, logLikelihood: null })
  })

  it('has probabilities that sum to 1, a likelihood that a step of EM cannot raise, and no NaN', () => {
    const vote = fc.option(fc.constantFrom(1, 2, 3), { freq: 6 })
    fc.assert(
      fc.property(fc.array(fc.array(vote, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 }), (rows) => {
        const model = dawidSkene(tabulate(ratingsFromTable(rows, [1, 2, 3])))
        for (const row of model.posterior) if (row) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10)
        expect(Number.isNaN(model.logLikelihood)).toBe(false)
        if (model.logLikelihood !== null) expect(model.logLikelihood).toBeLessThanOrEqual(1e-9)
      }),
      { numRuns: 60 },
    )
  })
})

describe('consensusReport', () => {
  it('lists votes, labels, re-scan, conflicts and counts them', () => {
    const rows = [[1, 4, 4], [1, 2, 3], [2, 2, null], [null, null, null]] // prettier-ignore
    const report = consensusReport(ratingsFromTable(rows, scale.categories), 'majority', 4)
    expect(report).toMatchObject({ rule: 'majority', noConsensus: 2, ruleConflicts: 1 })
    expect(report.labels[0]).toEqual({
      subject: 'S1',
      votes: [1, 4, 4],
      label: 4,
      rescan: true,
      conflict: { roundedMean: 3, roundedMeanRescan: false, majorityRescan: true },
    })
    expect(report.labels[2]).toEqual({ subject: 'S3', votes: [2, 2], label: 2, rescan: false })
    expect(report.labels[3]).toMatchObject({ votes: [], label: null, rescan: null })
  })
})
