import type { Interval } from '../agreement/outcome.ts'
import { cutIndex, type Scale } from '../scale.ts'
import { calibrationOf, type Calibration } from './calibration.ts'
import { figuresOf, shares, type FigureKey, type FigureName } from './figures.ts'
import { gradedColumns, type Graded, type GradedScan } from './graded.ts'
import { readersBands, type ReaderGrades, type ReadersBand } from './readers.ts'
import { patientIntervals, type ResampledInterval, type Resampling, withWidth } from './resample.ts'
import { isPositive } from './targets.ts'

export type Figure = {
  name: FigureName
  /** `all` grades together, at the `cut`, or the grade that is held against the rest. */
  target: 'all' | 'cut' | number
  estimate: number | null
  ci: Interval | null
  /** Scans, and of a target how many are positive by their label. */
  n: number
  positives: number | null
  readers: ReadersBand | null
  reason?: string
}

export type Evaluation = {
  scans: number
  patients: number
  figures: Figure[]
  /** confusion[label][predicted], as indices of the scale. */
  confusion: number[][]
  calibration: {
    /** Of the grade that was most probable: how often was it the label? */
    grade: Calibration
    /** Of the probability of a grade from the cut on; null without a cut. */
    cut: Calibration | null
    /** `grade` of the probabilities as people get them, where these are scaled. */
    scaled: Calibration | null
  }
  /** Letters of the readers whose grades the bands come from. */
  readers: string[]
}

export type EvaluationInput = {
  scans: readonly GradedScan[]
  /** The readers' own grades of these scans. */
  readers: readonly ReaderGrades[]
  /** The scans' probabilities as people get them, in the order of `scans`; null where nothing scales them. */
  scaled: readonly (readonly number[])[] | null
  scale: Scale
  resampling: Resampling
}

/** All figures of a network on held-out scans, each with its interval by patient and the readers' own agreement. */
export function evaluate({ scans, readers, scaled, scale, resampling }: EvaluationInput): Evaluation {
  const cut = cutIndex(scale.categories, scale.rescanFrom)
  const graded = gradedColumns(scans, scale, cut)
  const { keys, of } = figuresOf(graded)
  const values = of(new Float64Array(graded.n).fill(1))
  const intervals = patientIntervals(graded.patient, graded.patients, of, resampling)
  const bands = readersBands(
    readers,
    scans.map((scan) => scan.patient),
    scale,
  )
  const q = scale.categories.length
  const confusion = Array.from({ length: q }, () => new Array<number>(q).fill(0))
  graded.truth.forEach((code, scan) => (confusion[code]![graded.predicted[scan]!]! += 1))
  return {
    scans: graded.n,
    patients: graded.patients,
    figures: keys.map((key, i) => figure(key, values[i]!, intervals[i]!, bands[i] ?? null, graded)),
    confusion,
    calibration: {
      grade: topCalibration(scans, scale),
      cut:
        cut === null
          ? null
          : calibrationOf(
              [...graded.scores[0]!],
              [...graded.truth].map((code) => code >= cut),
            ),
      scaled:
        scaled === null
          ? null
          : topCalibration(
              scans.map((scan, i) => ({ ...scan, probabilities: scaled[i]! })),
              scale,
            ),
    },
    readers: readers.map(({ letter }) => letter),
  }
}

function topCalibration(scans: readonly GradedScan[], { categories }: Scale): Calibration {
  const top = scans.map(({ probabilities }) => Math.max(...probabilities))
  return calibrationOf(
    top,
    scans.map(({ probabilities, truth }, i) => categories[probabilities.indexOf(top[i]!)] === truth),
  )
}

function figure(
  { name, target }: FigureKey,
  estimate: number | null,
  interval: ResampledInterval,
  readers: ReadersBand | null,
  graded: Graded,
): Figure {
  const { n, patients, truth, cut } = graded
  const positive = target && truth.filter((code) => isPositive(target, code, cut)).length
  const base = {
    name,
    target: target === null ? ('all' as const) : target.kind === 'cut' ? ('cut' as const) : target.category,
    n,
    positives: positive,
    readers,
  }
  if (estimate === null) return { ...base, estimate, ci: null, reason: n === 0 ? noScans : noClass }
  return { ...base, estimate, ...withWidth(interval, estimate, { share: shares.has(name), patients }) }
}

const noScans = 'cannot be computed: there are no scans'
const noClass = 'cannot be computed: no scan has, or every scan has, this grade'
