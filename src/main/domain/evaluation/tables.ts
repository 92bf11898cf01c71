import type { Evaluation, Figure } from './evaluate.ts'
import type { PairedComparison } from './paired.ts'

/** An evaluation, here or as it came over the border, where a figure's name is any text. */
type Named<T> = Omit<T, 'name' | 'reason'> & { name: string; reason?: string | undefined }
type Evaluated = Omit<Evaluation, 'figures'> & { figures: readonly Named<Figure>[] }
type Test = Omit<PairedComparison['grade'], 'reason'>
type Compared = Pick<PairedComparison, 'scans' | 'patients'> & {
  grade: Test
  rescan: Test | null
  differences: readonly Named<PairedComparison['differences'][number]>[]
}

/** A table as it is written to a CSV file: the head first. */
export type Rows = (string | number | null)[][]

/** Every figure with its interval and the readers' band. */
export const figureRows = ({ figures }: Pick<Evaluated, 'figures'>): Rows => [
  [
    'figure',
    'target',
    'estimate',
    'low',
    'high',
    'n',
    'positives',
    'readers_low',
    'readers_mean',
    'readers_high',
    'reason',
  ],
  ...figures.map((f) => [
    f.name,
    f.target,
    f.estimate,
    f.ci?.[0] ?? null,
    f.ci?.[1] ?? null,
    f.n,
    f.positives,
    f.readers?.low ?? null,
    f.readers?.mean ?? null,
    f.readers?.high ?? null,
    f.reason ?? null,
  ]),
]

/** Rows are labels, columns what the model said. */
export function confusionRows({ confusion, figures }: Pick<Evaluated, 'confusion' | 'figures'>): Rows {
  const grades = [...new Set(figures.flatMap(({ target }) => (typeof target === 'number' ? [target] : [])))]
  return [['label', ...grades.map((grade) => `model_${grade}`)], ...confusion.map((row, i) => [grades[i]!, ...row])]
}

/** The three reliability curves below one another. */
export const calibrationRows = ({ calibration }: Pick<Evaluated, 'calibration'>): Rows => [
  ['curve', 'from', 'to', 'n', 'mean_probability', 'share', 'ece', 'mce'],
  ...(['grade', 'cut', 'scaled'] as const).flatMap((curve) => {
    const own = calibration[curve]
    return (own?.bins ?? []).map((b) => [curve, b.from, b.to, b.n, b.mean, b.share, own!.ece, own!.mce])
  }),
]

/** Differences of each pair of models, the tests in rows of their own. */
export const comparisonRows = (pairs: { first: string; second: string; comparison: Compared | null }[]): Rows => [
  [
    'first',
    'second',
    'figure',
    'target',
    'first_value',
    'second_value',
    'difference',
    'low',
    'high',
    'p',
    'scans',
    'patients',
  ],
  ...pairs.flatMap(({ first, second, comparison }) => {
    if (!comparison) return []
    const { scans, patients, grade, rescan, differences } = comparison
    const test = (target: string, t: Test) => [
      ...[first, second, 'mcnemar', target, t.onlyFirst, t.onlySecond, t.onlySecond - t.onlyFirst, null, null, t.p],
      ...[scans, patients],
    ]
    return [
      test('all', grade),
      ...(rescan ? [test('cut', rescan)] : []),
      ...differences.map((d) => [
        ...[first, second, d.name, d.target, d.first, d.second, d.difference, d.ci?.[0] ?? null, d.ci?.[1] ?? null],
        ...[null, scans, patients],
      ]),
    ]
  }),
]
