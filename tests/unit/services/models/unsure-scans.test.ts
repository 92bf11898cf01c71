import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../../../src/preload/contract/models.ts'
import type { Recipe } from '../../../../src/preload/contract/training.ts'
import { everybodyReads, readers, startTrained, type Trained } from '../../../fixtures/trained.ts'

let at: Trained
beforeAll(async () => {
  at = await startTrained()
})
afterAll(() => at.close())

describe('scans of which a model is unsure', () => {
  it('go to the readers in a round of their own, who learn nothing of the model', async () => {
    const { program, studyId, first, predict } = at
    const graded = await predict(first.id, 'all')
    const unread = graded.filter(({ withReaders }) => !withReaders)
    expect(unread).toHaveLength(8)
    const [a, b, c] = unread
    const desks = async () =>
      Promise.all(readers.map((r) => program.get<{ open: boolean; total: number }>(r, 'reading.desk', { studyId })))
    const before = await desks()
    expect(before.every(({ open }) => !open)).toBe(true)
    const send = (changes: object = {}) =>
      program.ask('lead', 'models.sendBack', {
        ...{ modelId: first.id, scanIds: [a!.scanId, b!.scanId, c!.scanId], alsoSure: 0, ...changes },
      })
    const read = graded.find(({ withReaders }) => withReaders)
    expect(await send({ scanIds: [read!.scanId] })).toMatchObject({ error: { code: 'nothing-to-send' } })
    expect(await send()).toMatchObject({ ok: true, value: { scans: 3, sure: 0, skipped: 0 } })
    expect(await send()).toMatchObject({ error: { code: 'study-not-sealed' } })
    const after = await desks()
    after.forEach((desk, i) => expect(desk).toMatchObject({ open: true, total: before[i]!.total + 3, undoable: null }))
    // A vote of before the seal is not taken back now, and no reply knows the model's grade.
    expect(await program.ask('r1', 'reading.undo', { studyId })).toMatchObject({ error: { code: 'nothing-to-undo' } })
    const desk = JSON.stringify(after)
    for (const word of ['prediction', 'probabilit', 'uncertain', first.id, first.name]) expect(desk).not.toContain(word)
    expect(await program.ask('r1', 'models.predictions', { modelId: first.id })).toMatchObject({
      error: { code: 'not-allowed' },
    })
    expect(await program.ask('lead', 'labels.freeze', { studyId, name: 'Too soon', rule: 'majority' })).toMatchObject({
      error: { code: 'study-not-sealed' },
    })
  })

  it('make the label set grow, and the last recipe is proposed again, with the same test patients', async () => {
    const { program, studyId, second, train, freeze } = at
    await everybodyReads(program, studyId)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    const grown = await freeze('Second')
    const proposal = await program.get<{
      runId: string
      modelId: string
      labelsBefore: number
      labelsNow: number
      sameTestPatients: number
      recipe: Recipe
    }>('theo', 'models.retrainProposal', { labelSetId: grown })
    expect(proposal).toMatchObject({
      modelId: second.id,
      labelsBefore: 24,
      labelsNow: 27,
      recipe: { network: 'scratch4' },
    })
    const again = await train(grown, proposal.recipe, proposal.runId)
    expect(again.previousId).toBe(second.id)
    const folds = async (runId: string) =>
      (
        JSON.parse(
          (
            await program.db
              .selectFrom('training_run')
              .select('folds')
              .where('id', '=', runId)
              .executeTakeFirstOrThrow()
          ).folds,
        ) as { of: Record<string, string> }
      ).of
    const [old, now] = [await folds(second.runId!), await folds(again.runId!)]
    for (const [scan, part] of Object.entries(old)) if (part === 'test') expect(now[scan]).toBe('test')
    // No patient in two parts.
    const patientOf = new Map(
      (await program.db.selectFrom('scan').select(['id', 'patient_id']).execute()).map((s) => [s.id, s.patient_id]),
    )
    const parts = new Map<string, Set<string>>()
    for (const [scan, part] of Object.entries(now))
      parts.set(patientOf.get(scan)!, (parts.get(patientOf.get(scan)!) ?? new Set()).add(part))
    expect([...parts.values()].every(({ size }) => size === 1)).toBe(true)
    expect(Object.keys(now)).toHaveLength(27)
    const { pairs } = await program.get<Comparison>('theo', 'models.compare', { modelIds: [second.id, again.id] })
    expect(pairs[0]!.comparison!.scans).toBe(Object.values(old).filter((part) => part === 'test').length)
    expect(await program.get('theo', 'models.retrainProposal', { labelSetId: grown })).toBeNull()
  })
})
