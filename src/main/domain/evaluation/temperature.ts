import { calibrationOf, fitTemperature, tempered } from './calibration.ts'
import { mostProbable } from './ensemble.ts'

/** A scan that a network did not learn from: what it said, and the label. */
export interface FittedScan {
  probabilities: readonly number[]
  /** Index of the label. */
  label: number
  patient: string
}

/** Why a model's probabilities are left as they are. */
export type Unscaled = 'few-patients' | 'no-fit' | 'no-gain' | 'within-error'

type BeforeAfter = { before: number; after: number }

/** What a model's probabilities are scaled by, and what speaks for it. */
export interface TemperatureChoice {
  /** Null: they are left as they are, and `reason` says why. */
  temperature: number | null
  reason: Unscaled | null
  /** What it was fitted on. */
  scans: number
  patients: number
  /** Mean logarithmic loss a scan, each patient scaled by what the other patients give; null where nothing was fitted. */
  logLoss: BeforeAfter | null
  /** Of what the temperature takes off that loss, patient by patient; null where nothing was fitted. */
  standardError: number | null
  /** Expected calibration error of the same, patient by patient. */
  ece: BeforeAfter | null
}

/**
 * With fewer patients nothing is fitted: in simulated studies (docs/temperature.md) a temperature did harm on average with 6 patients in
 * each setting and with 8 in two of three, by this rule too.
 */
export const leastPatients = 10
/** Patients are left out one by one, or, where there are more than this, in so many groups. */
const mostGroups = 20

/**
 * Chooses the temperature of a model on its validation scans (C. Guo et al., On calibration of modern neural networks, ICML
 * 2017, section 4.2: p^(1/T), one T for all; the most probable grade stays so). They had thousands of validation pictures; to
 * judge the calibration of a model that is there already, 100 and better 200 events are advised (G. Collins, E. Ogundimu &
 * D. Altman, Stat Med 35:214-226, 2016), and even these can be too few (K. Snell et al., J Clin Epidemiol 135:79-89, 2021). A
 * study of usual size has less, so a temperature has to prove itself: patients in turn are scaled by what the others give, and
 * only where this lowers the logarithmic loss by more than its standard error is it used. That is the one-standard-error rule
 * (L. Breiman et al., Classification and Regression Trees, 1984, section 3.4.3; T. Hastie et al., The Elements of Statistical
 * Learning, 2009, section 7.10): of two models the simpler one, here no scaling, unless the other is better beyond that.
 * @param scans Probabilities of whole scans, none of which the network learned from.
 */
export function chooseTemperature(scans: readonly FittedScan[], least = leastPatients): TemperatureChoice {
  const patients = [...new Set(scans.map(({ patient }) => patient))]
  const left = (reason: Unscaled, more: Partial<TemperatureChoice> = {}): TemperatureChoice => ({
    ...{ temperature: null, reason, scans: scans.length, patients: patients.length },
    ...{ logLoss: null, standardError: null, ece: null },
    ...more,
  })
  if (patients.length < least) return left('few-patients')
  const temperature = fitOn(scans)
  if (temperature === null) return left('no-fit')
  const groups = Math.min(patients.length, mostGroups)
  const groupOf = new Map(patients.map((patient, i) => [patient, i % groups]))
  const apart = Array.from({ length: groups }, (_, group) => {
    const inside = ({ patient }: FittedScan): boolean => groupOf.get(patient) === group
    const own = fitOn(scans.filter((scan) => !inside(scan)))
    return scans.filter(inside).map((scan) => ({ ...scan, scaled: scaledBy(scan.probabilities, own) }))
  }).flat()
  const plain = apart.map(({ probabilities, label }) => ({ probabilities, label }))
  const scaled = apart.map(({ scaled: probabilities, label }) => ({ probabilities, label }))
  const proof = {
    logLoss: { before: logLoss(plain), after: logLoss(scaled) },
    standardError: errorOfGain(apart),
    ece: { before: errorOf(plain), after: errorOf(scaled) },
  }
  const gain = proof.logLoss.before - proof.logLoss.after
  if (!(gain > 0)) return left('no-gain', proof)
  if (!(gain > proof.standardError)) return left('within-error', proof)
  return { temperature, reason: null, scans: scans.length, patients: patients.length, ...proof }
}

/** As a model gives them to people: scaled by its temperature, or as they are where it has none. */
export const scaledBy = (probabilities: readonly number[], temperature: number | null): number[] =>
  temperature === null ? [...probabilities] : tempered(probabilities, temperature)

/** What `scaledBy` made of probabilities, undone (those below 1e-12 aside). */
export const unscaledFrom = (probabilities: readonly number[], temperature: number | null): number[] =>
  scaledBy(probabilities, temperature === null ? null : 1 / temperature)

const fitOn = (scans: readonly FittedScan[]): number | null =>
  fitTemperature(
    scans.map(({ probabilities }) => probabilities),
    scans.map(({ label }) => label),
  )

type Said = Omit<FittedScan, 'patient'>

const lossOf = (probabilities: readonly number[], label: number): number =>
  -Math.log(Math.max(probabilities[label]!, 1e-12))

function logLoss(scans: readonly Said[]): number {
  return scans.reduce((all, { probabilities, label }) => all + lossOf(probabilities, label), 0) / scans.length
}

/** Standard error of the mean gain a scan, over patients: scans of one patient are not independent (linearised ratio of sums). */
function errorOfGain(scans: readonly (FittedScan & { scaled: readonly number[] })[]): number {
  const gains = scans.map(({ probabilities, scaled, label }) => lossOf(probabilities, label) - lossOf(scaled, label))
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / scans.length
  const of = new Map<string, number>()
  scans.forEach(({ patient }, i) => of.set(patient, (of.get(patient) ?? 0) + gains[i]! - mean))
  const squares = [...of.values()].reduce((sum, apart) => sum + apart * apart, 0)
  return Math.sqrt((squares * of.size) / (of.size - 1)) / scans.length
}

function errorOf(scans: readonly Said[]): number {
  const top = scans.map(({ probabilities }) => mostProbable(probabilities))
  return calibrationOf(
    scans.map(({ probabilities }, i) => probabilities[top[i]!]!),
    scans.map(({ label }, i) => label === top[i]),
  ).ece!
}
