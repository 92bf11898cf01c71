import { ConcordError } from './error.ts'
import { randomFrom } from './random.ts'

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

type Patient = { name: string; ids: string[]; labels: Float64Array; weight: number }

/**
 * Places whole patients, those with most to place first (ties in seeded order), each where it brings the parts nearest to
 * their share of every label and of scans: the greedy form of stratified grouping (Sechidis, Tsoumakas & Vlahavas, On the
 * stratification of multi-label data, ECML 2011).
 */
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
      `${patients.length} patients cannot be split into ${wanted} parts; label scans of more patients.`,
    )
  randomFrom(`split/${seed}`).shuffle(patients)
  patients.sort((a, b) => b.weight - a.weight)
  const held = shares.map(() => new Float64Array(totals.length))
  const members: Patient[][] = shares.map(() => [])
  for (const patient of patients) {
    let best = -1
    let least = Infinity
    shares.forEach((share, part) => {
      if (share <= 0) return
      const cost = added(patient.labels, held[part]!, totals, share)
      if (cost < least - 1e-12) {
        least = cost
        best = part
      }
    })
    members[best]!.push(patient)
    patient.labels.forEach((count, l) => (held[best]![l]! += count))
  }
  fillEmpty(members, shares)
  return new Map(members.flatMap((group, part) => group.flatMap(({ ids }) => ids.map((id) => [id, part] as const))))
}

/** How much further from its share the part is, over all labels, once it holds the patient too. */
function added(labels: Float64Array, held: Float64Array, totals: Float64Array, share: number): number {
  let cost = 0
  for (let l = 0; l < totals.length; l += 1) {
    const gap = held[l]! - share * totals[l]!
    cost += (labels[l]! * (2 * gap + labels[l]!)) / totals[l]!
  }
  return cost
}

/** A part that got nobody takes the last placed, smallest, patient of the part that has most. */
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
    if (!patient) byName.set(name, (patient = { name, ids: [], labels: new Float64Array(width), weight: 0 }))
    patient.ids.push(id)
    for (const at of [labelOf.get(label)!, width - 1]) {
      patient.labels[at]! += 1
      totals[at]! += 1
    }
  }
  const patients = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const patient of patients) patient.labels.forEach((count, l) => (patient.weight += (count * count) / totals[l]!))
  return { patients, totals }
}
