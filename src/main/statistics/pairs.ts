import { raterPairs } from '../domain/agreement/confusion.ts'
import { reasons } from '../domain/agreement/outcome.ts'
import { figureOfPatients, type Patients, type RescanOptions } from '../domain/agreement/rescan-figure.ts'
import { cutIndex } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import type { OverviewAnswer, StudyAsked } from './question.ts'
import type { Selection } from './selection.ts'

/** Scans counted in one step. */
const STEP = 4096

/** The re-scan figure of every pair of readers, in steps of some scans or one pair. */
export function* pairFigures(
  copy: Copy,
  selection: Selection,
  { categories, rescanFrom }: StudyAsked,
  options: RescanOptions,
): Generator<void, OverviewAnswer['byPair']> {
  const cut = cutIndex(categories, rescanFrom)
  const letters = selection.readers.map((r) => copy.readers[r]!.letter)
  const patients = yield* patientsOfPairs(copy, selection, cut ?? NaN)
  const figures: OverviewAnswer['byPair'] = []
  for (const [p, [a, b]] of raterPairs(letters.length).entries()) {
    const own = cut === null ? [] : patients[p]!
    const rescan = figureOfPatients(own, options, cut === null ? reasons.noCut : reasons.noPairs)
    figures.push({ raters: [letters[a]!, letters[b]!], rescan })
    yield
  }
  return figures
}

/**
 * For each pair, in the order of `raterPairs`, the patients by how many scans both graded, and on how many they part at the
 * cut. One pass over the scans counts for all pairs: of thirty readers' 435 few have seen the same scan.
 */
function* patientsOfPairs(copy: Copy, { codes, readers, scans }: Selection, cut: number): Generator<void, Patients[]> {
  const size = readers.length
  const patients = raterPairs(size).map((): Patients => [])
  // By patient; one number holds patient and scan.
  const order = Float64Array.from(scans, (scan) => copy.patient[scan]! * copy.scans + scan).sort()
  const own = readers.map((r) => codes[r]!)
  const grading = new Int32Array(size)
  const above = new Uint8Array(size)
  // Of the patient at hand, for each pair; and the pairs that have any.
  const known = new Int32Array(patients.length)
  const apart = new Int32Array(patients.length)
  let met: number[] = []
  for (let i = 0; i < order.length; i += 1) {
    const scan = order[i]! % copy.scans
    let n = 0
    for (let r = 0; r < size; r += 1) {
      const code = own[r]![scan]!
      if (code < 0) continue
      grading[n] = r
      above[n] = code >= cut ? 1 : 0
      n += 1
    }
    for (let x = 0; x + 1 < n; x += 1) {
      const a = grading[x]!
      const first = (a * (2 * size - a - 1)) / 2 - a - 1
      for (let y = x + 1; y < n; y += 1) {
        const p = first + grading[y]!
        if (known[p] === 0) met.push(p)
        known[p]! += 1
        apart[p]! += above[x]! ^ above[y]!
      }
    }
    if (i + 1 === order.length || copy.patient[order[i + 1]! % copy.scans] !== copy.patient[scan]) {
      for (const p of met) {
        const kind = (patients[p]![known[p]!] ??= new Int32Array(known[p]! + 1))
        kind[apart[p]!]! += 1
        known[p] = 0
        apart[p] = 0
      }
      met = []
    }
    if (i % STEP === 0) yield
  }
  return patients
}
