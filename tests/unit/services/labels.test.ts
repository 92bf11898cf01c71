import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelSet } from '../../../src/preload/contract/labels.ts'
import { consensusReport, type ConsensusRule } from '../../../src/main/domain/consensus/report.ts'
import { ratingsOf } from '../../../src/main/domain/agreement/ratings.ts'
import { countingVotes } from '../../../src/main/services/votes/counting.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy
const numberOf = (pseudonym: string): number => Number(pseudonym.replace(/\D/g, ''))

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 20)
  for (const [reader, turn] of Object.entries({ r1: 4, r2: 5, r3: 7 }))
    await readAll(program, reader, study.studyId, (pseudonym) => {
      const n = numberOf(pseudonym)
      return Math.min(5, 1 + (n % 4) + (n % turn === 0 ? 1 : 0))
    })
  await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
})
afterAll(() => program.close())

const frozen = async (rule: ConsensusRule) => {
  const set = await program.get<LabelSet>('lead', 'labels.freeze', { studyId: study.studyId, name: rule, rule })
  const rows = await program.db.selectFrom('label').selectAll().where('label_set_id', '=', set.id).execute()
  return { set, rows: new Map(rows.map((row) => [row.scan_id, row])) }
}
const report = async (rule: ConsensusRule) => {
  const reader = await program.services.sealing.published(program.db, study.studyId)
  const votes = await countingVotes(program.db, reader, study.studyId)
  const rated = votes.map((v) => ({ subject: v.scanId, rater: v.letter, grade: v.grade }))
  return consensusReport(ratingsOf(rated, [1, 2, 3, 4, 5]), rule, 4)
}

describe('labels frozen by a named rule', () => {
  it.each(['majority', 'rounded-mean', 'median', 'dawid-skene'] as const)('are those of %s', async (rule) => {
    const { set, rows } = await frozen(rule)
    const expected = await report(rule)
    const { labels, noConsensus } = expected
    expect(set).toMatchObject({ rule, labels: 20 - noConsensus, unresolved: noConsensus })
    labels.forEach(({ subject, label }, s) => {
      expect(rows.get(subject)?.grade ?? null).toBe(label)
      if (label === null) return
      const distribution = JSON.parse(rows.get(subject)!.distribution) as number[]
      expect(distribution.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
      if ('posterior' in expected) expect(distribution).toEqual(expected.posterior[s])
    })
  })
})

describe('names of the readers of a scan', () => {
  it('are told after unblinding, and the asking is in the audit trail', async () => {
    const [scan] = await disputedOf(program, study.studyId)
    const request = { studyId: study.studyId, scanId: scan!.scanId }
    expect(await program.ask('lead', 'analysis.showNames', request)).toMatchObject({
      error: { code: 'study-not-unblinded' },
    })
    await program.get('lead', 'analysis.unblind', { studyId: study.studyId })
    const names = await program.get<{ letter: string; displayName: string }[]>('lead', 'analysis.showNames', request)
    expect(names.map(({ letter }) => letter)).toEqual(['A', 'B', 'C'])
    expect(names.map(({ displayName }) => displayName).sort()).toEqual(['Dr r1', 'Dr r2', 'Dr r3'])
    const asked = await program.db.selectFrom('audit').selectAll().where('act', '=', 'scan.names-shown').execute()
    expect(asked).toMatchObject([{ account_id: study.lead.accountId, subject: scan!.scanId }])
    expect((await verifyChain(program.db)).broken).toBeNull()
  })
})
