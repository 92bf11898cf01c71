import { cohenKappa } from '../agreement/cohen.ts'
import { auc, aucOrder, type AucOrder } from './auc.ts'
import type { Graded } from './graded.ts'
import { isPositive, targetsOf, type Target } from './targets.ts'

const wholeNames = ['accuracy', 'quadraticKappa', 'meanAbsoluteError'] as const
const targetNames = [
  'accuracy',
  'sensitivity',
  'specificity',
  'precision',
  'f1',
  'kappa',
  'auc',
  'meanAbsoluteError',
] as const
export type FigureName = (typeof wholeNames)[number] | (typeof targetNames)[number]

/** Which figure: of all grades together (`target` null), at the cut, or of one grade against the rest. */
export type FigureKey = { name: FigureName; target: Target | null }

/** Figures that are shares of scans. */
export const shares: ReadonlySet<FigureName> = new Set(['accuracy', 'sensitivity', 'specificity', 'precision'])

const figureKeys = (targets: readonly Target[]): FigureKey[] => [
  ...wholeNames.map((name) => ({ name, target: null })),
  ...targets.flatMap((target) => targetNames.map((name) => ({ name, target }))),
]

export type Figures = {
  keys: FigureKey[]
  /** The values in the order of the keys, each scan counted as often as its weight says; null where undefined. */
  of(weights: Float64Array): (number | null)[]
}

/**
 * Accuracy, quadratic kappa (Cohen 1968) and mean absolute error in grades; and of each target accuracy, sensitivity,
 * specificity, precision, F1, Cohen's kappa, AUC, and the mean absolute error of the scans that are positive by their label.
 */
export function figuresOf(graded: Graded): Figures {
  const { n, categories, cut, truth, predicted } = graded
  const q = categories.length
  const targets = targetsOf(categories, cut)
  const prepared = targets.map((target, at) => ({
    target,
    positive: Uint8Array.from(truth, (code) => (isPositive(target, code, cut) ? 1 : 0)),
    order: aucOrder(graded.scores[at]!),
  }))
  const counts = new Float64Array(q * q)
  return {
    keys: figureKeys(targets),
    of(weights) {
      counts.fill(0)
      for (let scan = 0; scan < n; scan += 1) counts[truth[scan]! * q + predicted[scan]!]! += weights[scan]!
      return [
        ...whole(counts, categories),
        ...prepared.flatMap((one) => ofTarget(counts, categories, cut, one, weights)),
      ]
    },
  }
}

function whole(counts: Float64Array, categories: readonly number[]): (number | null)[] {
  const { all, right, error } = distances(counts, categories, () => true)
  const kappa = all > 0 ? cohenKappa(counts, categories, 'quadratic').estimate : null
  return [ratio(right, all), kappa, ratio(error, all)]
}

function ofTarget(
  counts: Float64Array,
  categories: readonly number[],
  cut: number | null,
  { target, positive, order }: { target: Target; positive: Uint8Array; order: AucOrder },
  weights: Float64Array,
): (number | null)[] {
  const q = categories.length
  const cells = new Float64Array(4) // [truth][predicted], 1 positive
  counts.forEach((count, at) => {
    const row = isPositive(target, Math.floor(at / q), cut) ? 2 : 0
    cells[row + (isPositive(target, at % q, cut) ? 1 : 0)]! += count
  })
  const [trueNegative, falsePositive, falseNegative, truePositive] = cells as unknown as [
    number,
    number,
    number,
    number,
  ]
  const all = trueNegative + falsePositive + falseNegative + truePositive
  const { all: labelled, error } = distances(counts, categories, (code) => isPositive(target, code, cut))
  return [
    ratio(truePositive + trueNegative, all),
    ratio(truePositive, truePositive + falseNegative),
    ratio(trueNegative, trueNegative + falsePositive),
    ratio(truePositive, truePositive + falsePositive),
    ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
    all > 0 ? cohenKappa(cells, [0, 1], 'none').estimate : null,
    auc(order, positive, weights),
    ratio(error, labelled),
  ]
}

/** Over the scans whose label `keep` accepts: how many, how many right, and the sum of distances in grades. */
function distances(counts: Float64Array, categories: readonly number[], keep: (code: number) => boolean) {
  const q = categories.length
  let [all, right, error] = [0, 0, 0]
  counts.forEach((count, at) => {
    const row = Math.floor(at / q)
    if (!keep(row)) return
    all += count
    if (row === at % q) right += count
    error += count * Math.abs(categories[row]! - categories[at % q]!)
  })
  return { all, right, error }
}

const ratio = (above: number, below: number): number | null => (below > 0 ? above / below : null)
