import type { Scale } from '../scale.ts'
import { cutIndex } from '../scale.ts'
import { figuresOf } from './figures.ts'
import { gradedColumns, type GradedScan } from './graded.ts'

/** A reader's own grades of the same scans, in their order; null where there is none. */
export type ReaderGrades = { letter: string; grades: readonly (number | null)[] }

/** From the reader who agrees least with the others to the one who agrees most, and the mean over the readers. */
export type ReadersBand = { low: number; high: number; mean: number }

/**
 * What the readers themselves reach, for every figure: each reader in the network's place, held against each other reader
 * as the label, over the scans both graded; a reader's value is the mean over the others. The band is the ceiling that
 * labels made by these readers can show. A reader gives no probabilities: for the AUC the grade stands in their place.
 * Null for a figure that fewer than one reader has. @returns One a figure, in the order of `figuresOf`.
 */
export function readersBands(
  readers: readonly ReaderGrades[],
  patients: readonly string[],
  scale: Scale,
): (ReadersBand | null)[] {
  const { categories } = scale
  const cut = cutIndex(categories, scale.rescanFrom)
  const perReader = readers.flatMap((reader) => {
    const pairs = readers
      .filter((other) => other !== reader)
      .map((other) => pairFigures(reader, other, patients, scale, cut))
      .filter((values) => values !== null)
    if (pairs.length === 0) return []
    return [pairs[0]!.map((_, figure) => meanOf(pairs.map((values) => values[figure]!)))]
  })
  const width = perReader[0]?.length ?? 0
  return Array.from({ length: width }, (_, figure) => {
    const known = perReader.map((values) => values[figure]!).filter((value) => value !== null)
    const mean = meanOf(known)
    return mean === null ? null : { low: Math.min(...known), high: Math.max(...known), mean }
  })
}

function pairFigures(
  reader: ReaderGrades,
  label: ReaderGrades,
  patients: readonly string[],
  scale: Scale,
  cut: number | null,
): (number | null)[] | null {
  const both = patients.flatMap((patient, scan): GradedScan[] => {
    const [predicted, truth] = [reader.grades[scan], label.grades[scan]]
    if (predicted == null || truth == null) return []
    const probabilities = scale.categories.map((category) => (category === predicted ? 1 : 0))
    return [{ scan: String(scan), patient, truth, predicted, probabilities }]
  })
  if (both.length === 0) return null
  const graded = gradedColumns(both, scale, cut)
  // At the cut the grade itself orders the scans better than the decision alone.
  const scores = cut === null ? graded.scores : [Float64Array.from(graded.predicted), ...graded.scores.slice(1)]
  return figuresOf({ ...graded, scores }).of(new Float64Array(both.length).fill(1))
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
