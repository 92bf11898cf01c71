import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelSet } from '../../../src/preload/contract/labels.ts'
import { consensusReport, type ConsensusRule } from '../../../src/main/domain/consensus/report.ts'
import { ratingsOf } from '../../../src/main/domain/agreement/ratings-builder.ts'
import { defaultRecipe } from '../../../src/preload/contract/training.ts'
import { networkCard } from '../../../src/main/services/models/card.ts'
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

describe('an estimate whose bounded work ended before it had converged', () => {
  const frozenAfter = (name: string, work?: number): Promise<LabelSet> =>
    program.services.labels.freeze(
      study.lead,
      { studyId: study.studyId, name, rule: 'dawid-skene' },
      work === undefined ? {} : { work },
    )
  const exported = async (labelSetId: string): Promise<Record<string, unknown>[]> => {
    const { path } = await program.get<{ path: string }>('lead', 'exports.labels', { labelSetId })
    const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
    const names = head!.split(',')
    return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell])))
  }
  const labelSetOnCard = async (set: LabelSet): Promise<object> => {
    const labelSet = await program.db
      .selectFrom('label_set')
      .selectAll()
      .where('id', '=', set.id)
      .executeTakeFirstOrThrow()
    const recipe = { ...defaultRecipe, pretrained: null }
    const trained = { labelSet, recipe, labels: [], folds: {}, regions: null, result: {}, figures: {}, scale: {} }
    return (await networkCard(program.db, trained as never, {}, { version: 'test', commit: null }))[
      'labelSet'
    ] as object
  }

  it('is said of the label set, in its export and on the card of a model; one that converged says so', async () => {
    // One iteration is always done.
    const short = await frozenAfter('short', 1)
    expect(short.estimate).toEqual({ iterations: 1, converged: false })
    const whole = await frozenAfter('whole')
    expect(whole.estimate).toMatchObject({ converged: true })
    expect(whole.estimate!.iterations).toBeGreaterThan(1)
    const listed = await program.get<LabelSet[]>('lead', 'labels.list', { studyId: study.studyId })
    expect(listed.find(({ id }) => id === short.id)).toEqual(short)
    expect(listed.find(({ rule }) => rule === 'median')).toMatchObject({ estimate: null })

    expect(new Set((await exported(short.id)).map((row) => row['estimate']))).toEqual(new Set(['not-converged']))
    expect(new Set((await exported(whole.id)).map((row) => row['estimate']))).toEqual(new Set(['converged']))
    expect(await labelSetOnCard(short)).toMatchObject({ rule: 'dawid-skene', converged: false, iterations: 1 })
    expect(await labelSetOnCard(listed.find(({ rule }) => rule === 'median')!)).not.toHaveProperty('converged')
    for (const [language, words] of Object.entries({ en: 'had not converged', de: 'war nicht konvergiert' })) {
      const request = { studyId: study.studyId, language: language as 'en' | 'de' }
      const report = await program.services.exports.reportPage(study.lead, request)
      expect(report).toMatch(new RegExp(`${words}[^<]*: short\\.`))
    }
    expect((await verifyChain(program.db)).broken).toBeNull()
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
