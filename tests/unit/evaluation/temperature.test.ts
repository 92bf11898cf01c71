import { describe, expect, it } from 'vitest'
import { calibrationOf } from '../../../src/main/domain/evaluation/calibration.ts'
import { mostProbable, normalisedEntropy } from '../../../src/main/domain/evaluation/ensemble.ts'
import {
  chooseTemperature,
  leastPatients,
  scaledBy,
  unscaledFrom,
  type FittedScan,
} from '../../../src/main/domain/evaluation/temperature.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'

/** Scans, two a patient, whose labels are drawn from probabilities of which the network says p^sharp. */
function said(seed: string, patients: number, sharp: number): FittedScan[] {
  const random = randomFrom(seed)
  return Array.from({ length: 2 * patients }, (_, index) => {
    const weights = Array.from({ length: 5 }, () => Math.exp(1.5 * random.normal()))
    const sum = weights.reduce((all, one) => all + one)
    const true_ = weights.map((one) => one / sum)
    let left = random.uniform()
    const label = true_.findIndex((p) => (left -= p) < 0)
    return { probabilities: scaledBy(true_, 1 / sharp), label: Math.max(0, label), patient: `P${index >> 1}` }
  })
}
const errorOf = (scans: FittedScan[], temperature: number | null): number => {
  const rows = scans.map(({ probabilities }) => scaledBy(probabilities, temperature))
  return calibrationOf(
    rows.map((row) => Math.max(...row)),
    rows.map((row, i) => mostProbable(row) === scans[i]!.label),
  ).ece!
}

describe('the temperature of a model', () => {
  const sure = said('sure of itself', 60, 3)
  const choice = chooseTemperature(sure)

  it('of a network that is too sure brings it back, for other patients too', () => {
    expect(choice).toMatchObject({ reason: null, scans: 120, patients: 60 })
    expect(choice.temperature).toBeGreaterThan(2.3)
    expect(choice.temperature).toBeLessThan(3.9)
    expect(choice.logLoss!.after).toBeLessThan(choice.logLoss!.before)
    expect(choice.ece!.after).toBeLessThan(choice.ece!.before)
    const others = said('other patients', 400, 3)
    expect(errorOf(others, choice.temperature)).toBeLessThan(errorOf(others, null) / 3)
  })
  it('changes no grade, flattens what was too sure, and can be undone', () => {
    for (const { probabilities } of sure) {
      const scaled = scaledBy(probabilities, choice.temperature)
      expect(mostProbable(scaled)).toBe(mostProbable(probabilities))
      expect(normalisedEntropy(scaled)).toBeGreaterThan(normalisedEntropy(probabilities))
      unscaledFrom(scaled, choice.temperature).forEach((p, k) => expect(p).toBeCloseTo(probabilities[k]!, 9))
    }
    expect(scaledBy([0.2, 0.8], null)).toEqual([0.2, 0.8])
  })
  it('is not used where it does not help patients that had no part in it', () => {
    // As sure as it may be: what a fit finds in twelve patients is chance.
    const honest = Array.from({ length: 20 }, (_, i) => chooseTemperature(said(`honest ${i}`, 12, 1)))
    const kept = honest.filter(({ reason }) => reason === 'no-gain')
    expect(kept.length).toBeGreaterThan(10)
    for (const { temperature, logLoss } of kept) {
      expect(temperature).toBeNull()
      expect(logLoss!.after).toBeGreaterThanOrEqual(logLoss!.before)
    }
    // Of those that seem to gain most gain no more than chance would give them.
    const seeming = honest.filter(({ logLoss }) => logLoss && logLoss.after < logLoss.before)
    expect(seeming.length).toBeGreaterThan(0)
    for (const { temperature, reason, logLoss, standardError } of seeming)
      expect([temperature === null, reason]).toEqual(
        logLoss!.before - logLoss!.after > standardError! ? [false, null] : [true, 'within-error'],
      )
    expect(honest.filter(({ temperature }) => temperature !== null).length).toBeLessThanOrEqual(2)
  })
  it('takes scans of one patient for one finding, not for many', () => {
    const choice = chooseTemperature(sure)
    // Each scan four times over, still of the same patients: no more is known of the gain than before.
    const again = chooseTemperature(sure.flatMap((scan) => [scan, scan, scan, scan]))
    expect(again.standardError).toBeCloseTo(choice.standardError!, 9)
    expect(again.logLoss!.after).toBeCloseTo(choice.logLoss!.after, 9)
    // And as if each scan were another patient: more.
    const apart = chooseTemperature(
      sure.flatMap((scan, i) => [0, 1, 2, 3].map((k) => ({ ...scan, patient: `${i}/${k}` }))),
    )
    expect(apart.standardError!).toBeLessThan(choice.standardError! / 1.5)
  })
  it('is not fitted on few patients, nor where all are graded right', () => {
    expect(chooseTemperature(said('few', leastPatients - 1, 3))).toMatchObject({
      temperature: null,
      reason: 'few-patients',
    })
    expect(chooseTemperature([])).toMatchObject({ temperature: null, reason: 'few-patients', scans: 0 })
    const right = Array.from({ length: 12 }, (_, i) => ({ probabilities: [0.8, 0.2], label: 0, patient: String(i) }))
    expect(chooseTemperature(right)).toMatchObject({ temperature: null, reason: 'no-fit' })
  })
})
