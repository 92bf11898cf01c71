import { raterPairs } from '../domain/agreement/confusion.ts'
import { reasons } from '../domain/agreement/outcome.ts'
import {
  figureOfPatients,
  type Patients,
  type RescanFigure,
  type RescanOptions,
} from '../domain/agreement/rescan-figure.ts'
import { cutIndex } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import type { OverviewAnswer, StudyAsked } from './question.ts'
import type { Selection } from './selection.ts'

/** Scans counted in one step. */
const STEP = 4096

/**
 * The re-scan figure of every pair of readers, in steps of some scans or one pair. With `options` null at once from `counts`
 * (the pairs' tables of `votesOf`), without the intervals, which need to know whose patients the scans are of.
 */
export function* pairFigures(
  copy: Copy,
  selection: Selection,
  { categories, rescanFrom }: StudyAsked,
  counts: readonly Float64Array[],
  options: RescanOptions | null,
): Generator<void, OverviewAnswer['byPair']> {
  const cut = cutIndex(categories, rescanFrom)
  const letters = selection.readers.map((r) => copy.readers[r]!.letter)
  const patients = options && cut !== null ? yield* patientsOfPairs(copy, selection, cut) : null
  const figures: OverviewAnswer['byPair'] = []
  for (const [p, [a, b]] of raterPairs(letters.length).entries()) {
    const why = cut === null ? reasons.noCut : reasons.noPairs
    const rescan = options
      ? figureOfPatients(patients?.[p] ?? [], options, why)
      : withoutInterval(cut === null ? new Float64Array(0) : counts[p]!, categories.length, cut ?? 0, why)
    figures.push({ raters: [letters[a]!, letters[b]!], rescan })
    if (options) yield
  }
  return figures
}

/** From a pair's table (q x q). */
function withoutInterval(counts: Float64Array, q: number, cut: number, why: string): RescanFigure {
  let n = 0
  let apart = 0
  for (let at = 0; at < counts.length; at += 1) {
    n += counts[at]!
    if (at >= cut * q !== at % q >= cut) apart += counts[at]!
  }
  const figure = { disagreementRate: n === 0 ? null : apart / n, count: apart, n, ci: null, interval: null }
  return n === 0 ? { ...figure, reason: why } : figure
}

/** Of the scans of one patient that both of a pair graded: how many, times this, and on how many the two part at the cut. */
const SCAN = 1 << 16

/**
 * For each pair, in the order of `raterPairs`, the patients by how many scans both graded, and on how many they part at the
 * cut. One pass over the scans counts for all pairs.
 */
function* patientsOfPairs(copy: Copy, selection: Selection, cut: number): Generator<void, Patients[]> {
  const { start, end, readers, column, place, columns } = selection
  const { reader, code } = columns
  const size = readers.length
  const pairsOfReaders = raterPairs(size)
  const patients = pairsOfReaders.map((): Patients => [])
  // Whichever of the two voted first.
  const pairAt = new Int32Array(size * size)
  for (const [p, [a, b]] of pairsOfReaders.entries()) pairAt[a * size + b] = pairAt[b * size + a] = p
  const { byPatient } = columns
  // Of the patient at hand, for each pair; and the pairs that have any.
  const shared = new Int32Array(patients.length)
  const met = new Int32Array(patients.length)
  let pairs = 0
  for (let at = 0; at < byPatient.length; at += 1) {
    const scan = byPatient[at]!
    const i = place[scan]!
    const last = i < 0 ? -1 : end[i]!
    for (let x = i < 0 ? 0 : start[i]!; x < last; x += 1) {
      const a = column[reader[x]!]!
      if (code[x]! < 0 || a < 0) continue
      const above = code[x]! >= cut
      for (let y = x + 1; y < last; y += 1) {
        const b = column[reader[y]!]!
        if (code[y]! < 0 || b < 0) continue
        const p = pairAt[a * size + b]!
        if (shared[p] === 0) {
          met[pairs] = p
          pairs += 1
        }
        shared[p]! += code[y]! >= cut === above ? SCAN : SCAN + 1
      }
    }
    if (at + 1 === byPatient.length || copy.patient[byPatient[at + 1]!] !== copy.patient[scan]) {
      for (; pairs > 0; pairs -= 1) {
        const p = met[pairs - 1]!
        const known = shared[p]! >> 16
        ;(patients[p]![known] ??= new Int32Array(known + 1))[shared[p]! & (SCAN - 1)]! += 1
        shared[p] = 0
      }
    }
    if (at % STEP === 0) yield
  }
  return patients
}
