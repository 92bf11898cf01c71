import type { Evaluation } from './evaluate.ts'
import type { PairedComparison } from './paired.ts'

/** A table as it is written to a CSV file: the head first. */
export type Rows = (string | number | null)[][]

/** Every figure with its interval and the readers' band. */
export const figureRows = ({ figures }: Evaluation): Rows => [
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

export const confusionRows = ({ confusion }: Evaluation, categories: readonly number[]): Rows => [
  ['label', ...categories.map((category) => `model_${category}`)],
  ...confusion.map((row, i) => [categories[i]!, ...row]),
]

/** The three reliability curves below one another. */
export const calibrationRows = ({ calibration }: Evaluation): Rows => [
  ['curve', 'temperature', 'from', 'to', 'n', 'mean_probability', 'share', 'ece', 'mce'],
  ...(['grade', 'cut', 'tempered'] as const).flatMap((curve) => {
    const own = calibration[curve]
    const temperature = curve === 'tempered' ? calibration.temperature : 1
    return (own?.bins ?? []).map((b) => [curve, temperature, b.from, b.to, b.n, b.mean, b.share, own!.ece, own!.mce])
  }),
]

/** Differences of each pair of models, the tests in rows of their own. */
export const comparisonRows = (
  pairs: { first: string; second: string; comparison: PairedComparison | null }[],
): Rows => [
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
    const test = (target: string, t: typeof grade) => [
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
