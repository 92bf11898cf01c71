import { ConcordError } from './error.ts'
import { randomFrom } from './random.ts'
import { stratify } from './stratify.ts'

export type Fold = 'train' | 'validation' | 'test'

/** A scan to place: `label` is what is spread evenly (a grade), null where there is none. */
export type SplitItem = { id: string; patient: string; label: number | string | null }

/**
 * Splits scans into training, validation and test by patient: no patient is in two parts. The shares are of scans and, as
 * far as whole patients allow, hold for each label too. The same items (in any order) and seed give the same split.
 * Every part with a share gets at least one patient. Throws `split-share`, `split-duplicate-scan`,
 * `split-too-few-patients`.
 */
export function patientSplit(
  items: readonly SplitItem[],
  { validation, test, seed }: { validation: number; test: number; seed: number | string },
): Map<string, Fold> {
  const train = 1 - validation - test
  if (!(validation >= 0 && test >= 0 && train > 1e-9))
    throw new ConcordError('split-share', 'Validation and test must leave a share for training.')
  const parts: readonly Fold[] = ['train', 'validation', 'test']
  const placed = placePatients(items, [train, validation, test], seed)
  return new Map([...placed].map(([id, part]) => [id, parts[part]!]))
}

/**
 * `k` folds by patient for cross-validation, stratified like `patientSplit`: scan -> fold from 0. Throws `split-share`,
 * `split-duplicate-scan`, `split-too-few-patients`.
 */
export function patientFolds(items: readonly SplitItem[], k: number, seed: number | string): Map<string, number> {
  if (!Number.isInteger(k) || k < 2) throw new ConcordError('split-share', 'Cross-validation needs two folds or more.')
  return placePatients(items, new Array<number>(k).fill(1 / k), seed)
}

type Patient = { name: string; ids: string[]; labels: Float64Array }

/** scan -> part, whole patients only. */
function placePatients(
  items: readonly SplitItem[],
  shares: readonly number[],
  seed: number | string,
): Map<string, number> {
  const { patients, totals } = gather(items)
  const wanted = shares.filter((share) => share > 0).length
  if (patients.length < wanted)
    throw new ConcordError(
      'split-too-few-patients',
      `${patients.length === 1 ? 'One patient' : `${patients.length} patients`} cannot be split into ${wanted} parts; label scans of more patients.`,
    )
  const placed = stratify(patients, totals, shares, randomFrom(`split/${seed}`))
  const members = shares.map((_, part) => patients.filter((patient) => placed.get(patient) === part))
  fillEmpty(members, shares)
  return new Map(members.flatMap((group, part) => group.flatMap(({ ids }) => ids.map((id) => [id, part] as const))))
}

/** A part that got nobody takes the last, lightest, patient of the part that has most. */
function fillEmpty(members: Patient[][], shares: readonly number[]): void {
  shares.forEach((share, part) => {
    if (share <= 0 || members[part]!.length > 0) return
    const largest = members.reduce((a, b) => (b.length > a.length ? b : a))
    members[part]!.push(largest.pop()!)
  })
}

/** Patients sorted by name, with counts of each label and, last, of scans; and the totals of both. */
function gather(items: readonly SplitItem[]): { patients: Patient[]; totals: Float64Array } {
  if (new Set(items.map(({ id }) => id)).size < items.length)
    throw new ConcordError('split-duplicate-scan', 'A scan is listed twice; a split needs every scan once.')
  const labelOf = new Map([...new Set(items.map(({ label }) => label))].map((label, index) => [label, index]))
  const width = labelOf.size + 1
  const totals = new Float64Array(width)
  const byName = new Map<string, Patient>()
  for (const { id, patient: name, label } of items) {
    let patient = byName.get(name)
    if (!patient) byName.set(name, (patient = { name, ids: [], labels: new Float64Array(width) }))
    patient.ids.push(id)
    for (const at of [labelOf.get(label)!, width - 1]) {
      patient.labels[at]! += 1
      totals[at]! += 1
    }
  }
  const patients = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { patients, totals }
}
