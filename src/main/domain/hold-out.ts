import { ConcordError } from './error.ts'
import { patientFolds, patientSplit, type Fold, type SplitItem } from './splits.ts'

/** A labelled scan with what a test part can be chosen by. `date`: day of the scan, ISO 8601; null where it is not known. */
export interface HoldOutItem extends SplitItem {
  site: string
  date: string | null
}

export type HoldOut =
  | { by: 'patients' }
  | { by: 'date'; from: string }
  | { by: 'site'; site: string }
  | { by: 'fold'; folds: number; fold: number }

/** Shares of scans. `test` is used where the test part is drawn; `validation` is of what is not tested, drawn always. */
export interface Shares {
  validation: number
  test: number
  seed: number | string
}

/**
 * Parts of a run by the way its test part is held out. No patient stands in two parts; a scan that could stand in none
 * without that is left out of the map.
 *
 * - `patients`: `patientSplit`.
 * - `fold`: one fold of a stratified cross-validation is tested, the rest is split into training and validation.
 * - `date`: tested are the scans of patients first scanned on the day or later. Of others the scans from that day on are left out:
 *   the future is not trained on.
 * - `site`: tested are scans of the site, trained on those of other sites. Patients scanned at both are shared out: `test` of
 *   them are tested, and of each the scans on the other side are left out.
 *
 * Throws what `patientSplit` throws, and `split-no-date`, `split-nobody-before`, `split-nobody-after`, `split-no-site`,
 * `split-class-too-few-patients`.
 */
export function holdOutSplit(items: readonly HoldOutItem[], holdOut: HoldOut, shares: Shares): Map<string, Fold> {
  if (holdOut.by === 'patients') return patientSplit(items, shares)
  if (holdOut.by === 'fold') {
    checkClasses(items, holdOut.folds)
    const folds = patientFolds(items, holdOut.folds, shares.seed)
    const tested = items.filter(({ id }) => folds.get(id) === holdOut.fold)
    const learned = items.filter(({ id }) => folds.get(id) !== holdOut.fold)
    return joined(learned, tested, shares)
  }
  return holdOut.by === 'date' ? byDate(items, holdOut.from, shares) : bySite(items, holdOut.site, shares)
}

function byDate(items: readonly HoldOutItem[], from: string, shares: Shares): Map<string, Fold> {
  const undated = items.filter(({ date }) => date === null).length
  if (undated > 0)
    throw new ConcordError(
      'split-no-date',
      `${undated} of ${items.length} labelled scans do not say when they were made: hold out by patients instead.`,
      'holdOut',
    )
  const first = new Map<string, string>()
  for (const { patient, date } of items) {
    const known = first.get(patient)
    if (known === undefined || date! < known) first.set(patient, date!)
  }
  const tested = items.filter(({ patient }) => first.get(patient)! >= from)
  const learned = items.filter(({ date }) => date! < from)
  if (learned.length === 0)
    throw new ConcordError(
      'split-nobody-before',
      `No labelled scan is from before ${from}: choose a later day.`,
      'holdOut',
    )
  if (tested.length === 0)
    throw new ConcordError(
      'split-nobody-after',
      `No patient was first scanned on ${from} or later: choose an earlier day.`,
      'holdOut',
    )
  return joined(learned, tested, shares)
}

function bySite(items: readonly HoldOutItem[], site: string, shares: Shares): Map<string, Fold> {
  const [here, elsewhere] = [items.filter((item) => item.site === site), items.filter((item) => item.site !== site)]
  if (here.length === 0 || elsewhere.length === 0)
    throw new ConcordError(
      'split-no-site',
      here.length === 0 ? `No labelled scan is of the ${site}.` : `All labelled scans are of the ${site}.`,
      'holdOut',
    )
  const atBoth = new Set(here.map(({ patient }) => patient).filter((p) => elsewhere.some((e) => e.patient === p)))
  const shared = items.filter(({ patient }) => atBoth.has(patient))
  // With fewer than two there is nothing to share out: tested.
  const sides =
    atBoth.size < 2 || shares.test === 0
      ? new Map(shared.map(({ id }) => [id, 'test' as const]))
      : patientSplit(shared, { validation: 0, test: shares.test, seed: shares.seed })
  const side = ({ id, patient }: HoldOutItem): Fold => (atBoth.has(patient) ? sides.get(id)! : 'train')
  return joined(
    elsewhere.filter((item) => side(item) === 'train'),
    here.filter((item) => !atBoth.has(item.patient) || side(item) === 'test'),
    shares,
  )
}

function joined(learned: readonly SplitItem[], tested: readonly SplitItem[], shares: Shares): Map<string, Fold> {
  const parts = patientSplit(learned, { validation: shares.validation, test: 0, seed: shares.seed })
  for (const { id } of tested) parts.set(id, 'test')
  return parts
}

/** Every fold needs a patient of every class, or its figures leave one out. Throws `split-class-too-few-patients`. */
export function checkClasses(items: readonly SplitItem[], folds: number): void {
  const patients = new Map<SplitItem['label'], Set<string>>()
  for (const { label, patient } of items) patients.set(label, (patients.get(label) ?? new Set()).add(patient))
  for (const [label, { size }] of [...patients].sort(([a], [b]) => Number(a) - Number(b))) {
    if (label !== null && size < folds)
      throw new ConcordError(
        'split-class-too-few-patients',
        `Grade ${label} occurs in ${size} ${size === 1 ? 'patient' : 'patients'}, fewer than the ${folds} folds: ` +
          'choose fewer folds, or label more scans.',
        'holdOut',
      )
  }
}

/** One fold of a nested cross-validation: what is tested, and the inner folds of all the rest, from which a choice is made. */
export interface OuterFold {
  test: string[]
  /** For each inner fold the scans that validate it; the others of `learned` train it. */
  inner: { train: string[]; validation: string[] }[]
  learned: string[]
}

/**
 * Nested cross-validation by patient (Varma, Simon, BMC Bioinformatics 7:91, 2006): a choice such as the learning rate is made on
 * inner folds of what is not tested, so that the tested scans have no part in it. Throws as `holdOutSplit`.
 */
export function nestedFolds(
  items: readonly SplitItem[],
  { outer, inner, seed }: { outer: number; inner: number; seed: number | string },
): OuterFold[] {
  checkClasses(items, outer)
  const folds = patientFolds(items, outer, seed)
  return Array.from({ length: outer }, (_, number) => {
    const learned = items.filter(({ id }) => folds.get(id) !== number)
    const within = patientFolds(learned, inner, `${seed}/${number}`)
    const ids = (wanted: (item: SplitItem) => boolean): string[] => learned.filter(wanted).map(({ id }) => id)
    return {
      test: items.filter(({ id }) => folds.get(id) === number).map(({ id }) => id),
      learned: learned.map(({ id }) => id),
      inner: Array.from({ length: inner }, (_, part) => ({
        train: ids(({ id }) => within.get(id) !== part),
        validation: ids(({ id }) => within.get(id) === part),
      })),
    }
  })
}
