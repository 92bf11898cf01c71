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
export type Unscaled = 'few-patients' | 'no-fit' | 'no-gain'

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
  /** Expected calibration error of the same, patient by patient. */
  ece: BeforeAfter | null
}

/** With fewer patients one of them decides. */
export const leastPatients = 5
/** Patients are left out one by one, or, where there are more than this, in so many groups. */
const mostGroups = 20

/**
 * Chooses the temperature of a model on its validation scans (C. Guo et al., On calibration of modern neural networks, ICML
 * 2017, section 4.2: p^(1/T), one T for all; the most probable grade stays so). These are few in a study of usual size, so it
 * has to prove itself first: patients in turn are scaled by what the others give, and only if this lowers the logarithmic
 * loss is the temperature used. Otherwise the probabilities stay as the network gives them.
 * @param scans Probabilities of whole scans, none of which the network learned from.
 */
export function chooseTemperature(scans: readonly FittedScan[]): TemperatureChoice {
  const patients = [...new Set(scans.map(({ patient }) => patient))]
  const left = (reason: Unscaled, more: Partial<TemperatureChoice> = {}): TemperatureChoice => ({
    ...{ temperature: null, reason, scans: scans.length, patients: patients.length, logLoss: null, ece: null },
    ...more,
  })
  if (patients.length < leastPatients) return left('few-patients')
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
    ece: { before: errorOf(plain), after: errorOf(scaled) },
  }
  if (!(proof.logLoss.after < proof.logLoss.before)) return left('no-gain', proof)
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

function logLoss(scans: readonly Said[]): number {
  const sum = scans.reduce((all, { probabilities, label }) => all - Math.log(Math.max(probabilities[label]!, 1e-12)), 0)
  return sum / scans.length
}

function errorOf(scans: readonly Said[]): number {
  const top = scans.map(({ probabilities }) => mostProbable(probabilities))
  return calibrationOf(
    scans.map(({ probabilities }, i) => probabilities[top[i]!]!),
    scans.map(({ label }, i) => label === top[i]),
  ).ece!
}
