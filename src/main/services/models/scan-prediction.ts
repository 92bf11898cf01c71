import type { Combination } from '../../../preload/contract/models.ts'
import { combine, meanRow, mostProbable, normalisedEntropy } from '../../domain/evaluation/ensemble.ts'
import { scaledBy } from '../../domain/evaluation/temperature.ts'
import type { ScanPrediction } from '../../learning/types.ts'
import type { Row } from '../../store/schema.ts'
import type { Scaling } from './rows.ts'

/** Above this normalised entropy a scan goes on the list of the unsure: half of what no idea at all would be. */
export const unsureFrom = 0.5
/** So does one of which this share of an ensemble's networks says another grade, or for which two grades are tied. */
export const divided = 1 / 3

export const isUnsure = (p: Pick<Row<'prediction'>, 'uncertainty' | 'member_disagreement' | 'tie'>): boolean =>
  p.uncertainty >= unsureFrom || p.tie === 1 || (p.member_disagreement ?? 0) >= divided

/**
 * One scan's row. Each network's slices become its answer by `rule`; with several networks their answers become one by
 * `among`, and the slices shown are the mean over the networks where all looked at the same ones. The scan's probabilities are
 * scaled, and what is read from them with them; the slices' are not, and no network's grade changes by it.
 */
export function scanPrediction(
  answers: readonly ScanPrediction[],
  classes: readonly number[],
  rule: Combination,
  among: Combination | null,
  scaling: Scaling,
) {
  const each = answers.map(({ slices }) =>
    combine(
      slices.map((slice) => slice.probabilities),
      rule,
    ),
  )
  const own = each.map(({ probabilities }, i) => scaledBy(probabilities, scaling.networks[i]!))
  // A network that decided by majority of slices votes for the grade it decided for.
  const named = each.map(({ label }) => label)
  const whole = among === null ? each[0]! : combine(own, among, named)
  const probabilities = scaledBy(among === null ? own[0]! : whole.probabilities, scaling.whole)
  const first = answers[0]!
  const alike = answers.every((one) => one.slices.every((s, i) => s.slice === first.slices[i]?.slice))
  const slices = first.slices.map((slice, i) => ({
    index: slice.slice,
    probabilities: alike ? meanRow(answers.map((one) => one.slices[i]!.probabilities)) : slice.probabilities,
  }))
  const disagreeing = slices.filter((slice) => mostProbable(slice.probabilities) !== whole.label)
  return {
    grade: classes[whole.label]!,
    expected_grade: probabilities.reduce((sum, p, k) => sum + p * classes[k]!, 0),
    uncertainty: normalisedEntropy(probabilities),
    rule: among ?? rule,
    tie: (among ?? rule) === 'majority' && whole.tie ? 1 : 0,
    slice_disagreement: disagreeing.length / slices.length,
    member_disagreement: among === null ? null : named.filter((label) => label !== whole.label).length / named.length,
    probabilities: JSON.stringify(probabilities),
    slices: JSON.stringify(slices),
    members: among === null ? null : JSON.stringify(own),
  }
}
