import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scaledBy } from '../../../../src/main/domain/evaluation/temperature.ts'
import type { Comparison, Model } from '../../../../src/preload/contract/models.ts'
import { password } from '../../../fixtures/program.ts'
import { startTrained, type Trained, unscaled } from '../../../fixtures/trained.ts'

let at: Trained
beforeAll(async () => {
  at = await startTrained()
})
afterAll(() => at.close())

describe('an ensemble', () => {
  let both: Model
  it('is one model of several networks, judged on what all of them held out', async () => {
    const { program, studyId, first, second, evaluation } = at
    const modelIds = [first.id, second.id]
    both = await at.combine('Both', modelIds, 'majority')
    expect(both).toMatchObject({ origin: 'ensemble', rule: 'majority', runId: null, recipe: null })
    expect(both.members.map(({ id }) => id)).toEqual(modelIds)
    expect((await evaluation(both.id))!.scans).toBe((await evaluation(first.id))!.scans)
    const combine = (changes: object) =>
      program.ask('theo', 'models.combine', { studyId, name: 'Other', modelIds, rule: 'mean', ...changes })
    expect(await combine({ name: 'Both' })).toMatchObject({ error: { code: 'name-taken' } })
    expect(await combine({ modelIds: [first.id, first.id] })).toMatchObject({ error: { code: 'ensemble-too-few' } })
    expect(await combine({ modelIds: [first.id, both.id] })).toMatchObject({ error: { code: 'ensemble-scales' } })
  })

  it('grades by what its networks say and says how far they differ', async () => {
    const { program, first, second, predict } = at
    const [own, other, together] = [
      await predict(first.id, 'all'),
      await predict(second.id, 'all'),
      await predict(both.id, 'all'),
    ]
    expect(together).toHaveLength(32)
    for (const one of together) {
      const [a, b] = [own, other].map((list) => list.find(({ scanId }) => scanId === one.scanId)!)
      const [p, q] = [unscaled(a!, first), unscaled(b!, second)]
      const mean = scaledBy(
        p.map((value, k) => (value + q[k]!) / 2),
        both.scaling!.temperature,
      )
      one.probabilities.forEach((value, k) => expect(value).toBeCloseTo(mean[k]!, 6))
      expect([a!.grade, b!.grade]).toContain(one.grade)
      const agree = a!.grade === b!.grade
      expect(one).toMatchObject({ rule: 'majority', tie: !agree, memberDisagreement: agree ? 0 : 0.5 })
      if (!agree) expect(one.unsure).toBe(true)
    }
    expect(
      await program.ask('theo', 'models.heat', { modelId: both.id, scanId: own[0]!.scanId, slice: 0, grade: null }),
    ).toMatchObject({ error: { code: 'heat-of-ensemble' } })
  })

  it('names no patient in any model or in what leaves', async () => {
    const { program, first } = at
    const scans = await program.db.selectFrom('scan').select(['id', 'pseudonym']).execute()
    const patients = await program.db.selectFrom('patient').select('id').execute()
    const out = join(program.folders.root, 'tfjs')
    mkdirSync(out)
    const theo = await program.services.accounts.signIn({ name: 'theo', password })
    await program.services.models.exportTensorflowJs(theo, first.id, async () => out)
    const texts = [
      out,
      ...readdirSync(program.folders.models).map((name) => join(program.folders.models, name)),
    ].flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')))
    const { path } = await program.services.models.exportFile(theo, both.id, async (name) =>
      join(program.folders.root, name),
    )
    texts.push(readFileSync(path!, 'latin1'))
    expect(texts.length).toBeGreaterThan(9)
    for (const text of texts) {
      for (const { id, pseudonym } of scans)
        expect([text.includes(id), text.includes(pseudonym)]).toEqual([false, false])
      for (const { id } of patients) expect(text.includes(id)).toBe(false)
      expect(text).not.toContain('Disc')
    }
  })
})

describe('an ensemble of the folds of a cross-validation', () => {
  it('is judged on every scan, each by the network that did not learn from it', async () => {
    const { program, studyId, train, evaluation } = at
    const [set] = await program.get<{ id: string; labels: number }[]>('theo', 'labels.list', { studyId })
    const parts: Model[] = []
    for (const fold of [0, 1])
      parts.push(await train(set!.id, { epochs: 1, validationShare: 0.2, holdOut: { by: 'fold', folds: 2, fold } }))
    const modelIds = parts.map(({ id }) => id)
    const folds = await at.combine('Folds', modelIds, 'mean')
    const whole = (await evaluation(folds.id))!
    const each = await Promise.all(modelIds.map(async (id) => (await evaluation(id))!))
    expect(whole).toMatchObject({ part: 'folds', scans: set!.labels })
    const sum = each[0]!.confusion.map((row, i) => row.map((n, j) => n + each[1]!.confusion[i]![j]!))
    expect(whole.confusion).toEqual(sum)
    // The folds themselves have no test scan in common, and that is said.
    const { pairs, scans } = await program.get<Comparison>('theo', 'models.compare', { modelIds })
    expect({ scans, pair: pairs[0] }).toMatchObject({
      scans: 0,
      pair: { comparison: null, reason: expect.any(String) },
    })
  })
})
