import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { normalisedEntropy } from '../../../../src/main/domain/evaluation/ensemble.ts'
import { chooseTemperature, scaledBy } from '../../../../src/main/domain/evaluation/temperature.ts'
import { readDescription } from '../../../../src/main/learning/model-file.ts'
import { startTrained, type Trained, unscaled } from '../../../fixtures/trained.ts'
import { warmModel } from '../../../fixtures/warm-model.ts'

let at: Trained
beforeAll(async () => {
  at = await startTrained()
})
afterAll(() => at.close())

describe('the temperature of a model', () => {
  it('is fitted on its validation scans alone, and kept with it and its card', async () => {
    const { program, first } = at
    const set = await program.db.selectFrom('label').selectAll().execute()
    const scans = await program.db.selectFrom('scan').select(['id', 'patient_id']).execute()
    const held = await program.db
      .selectFrom('held_out')
      .selectAll()
      .where('model_id', '=', first.id)
      .where('part', '=', 'validation')
      .execute()
    const choice = chooseTemperature(
      held.map(({ scan_id, probabilities }) => ({
        probabilities: JSON.parse(probabilities) as number[],
        label: set.find((label) => label.scan_id === scan_id)!.grade - 1,
        patient: scans.find(({ id }) => id === scan_id)!.patient_id,
      })),
    )
    expect(first.scaling).toMatchObject({ of: 'whole', scans: held.length, reason: choice.reason })
    const { temperature } = readDescription(join(program.folders.models, first.sha256))
    expect(temperature).toBe(first.scaling!.temperature)
    if (choice.temperature === null) expect(temperature).toBeNull()
    else expect(temperature).toBeCloseTo(choice.temperature, 9)
  })

  it('comes with a model from elsewhere, and scales what it says of scans and nothing else', async () => {
    const { program, first, predict, evaluation } = at
    const model = await warmModel(program, first, 2.5)
    expect(model.scaling).toMatchObject({ temperature: 2.5 })
    const [plain, scaled] = [await predict(first.id, 'all'), await predict(model.id, 'all')]
    for (const one of scaled) {
      const other = plain.find(({ scanId }) => scanId === one.scanId)!
      const raw = unscaled(other, first)
      scaledBy(raw, 2.5).forEach((p, k) => expect(one.probabilities[k]).toBeCloseTo(p, 6))
      expect(one.grade).toBe(other.grade)
      expect(one.uncertainty).toBeCloseTo(normalisedEntropy(scaledBy(raw, 2.5)), 6)
      expect(one.uncertainty).toBeGreaterThan(normalisedEntropy(raw))
      expect(one.slices).toEqual(other.slices)
    }
    // Judged on the scans graded here: the curve before is the network's own, the one after what people get.
    const { calibration, figures } = (await evaluation(model.id))!
    const own = (await evaluation(first.id))!
    expect(calibration.grade.ece).toBeCloseTo(own.calibration.grade.ece!, 12)
    expect(calibration.scaled!.ece).not.toBe(calibration.grade.ece)
    expect(figures.find(({ name }) => name === 'auc')!.estimate).toBeCloseTo(
      own.figures.find(({ name }) => name === 'auc')!.estimate!,
      12,
    )
    const { path } = await program.get<{ path: string }>('theo', 'models.export', {
      ...{ modelId: model.id, format: 'tensorflow-js' },
    })
    const about = JSON.parse(readFileSync(join(path, 'concord.json'), 'utf8')) as Record<string, unknown>
    expect(about).toMatchObject({ temperature: 2.5, scan: expect.stringContaining('p^(1/2.5)') as string })
  })

  it('of networks without validation scans in common scales each of them before they are combined', async () => {
    const { program, first, predict, combine } = at
    const model = await warmModel(program, first, 4)
    const both = await combine('Warm too', [first.id, model.id], 'mean')
    expect(both.scaling).toMatchObject({ of: 'members', reason: 'few-patients', scans: 0 })
    const [plain, together] = [await predict(first.id, 'all'), await predict(both.id, 'all')]
    for (const one of together) {
      const other = plain.find(({ scanId }) => scanId === one.scanId)!
      const hot = scaledBy(unscaled(other, first), 4)
      one.probabilities.forEach((p, k) => expect(p).toBeCloseTo((other.probabilities[k]! + hot[k]!) / 2, 6))
    }
  })
})
