import type { ReplyOf } from '../../../preload/contract/index.ts'
import type { Recipe } from '../../../preload/contract/training.ts'
import type { LabelRow } from '../settling/labels.ts'

type Warning = ReplyOf<'training', 'check'>['warnings'][number]

/** So many patients of the commonest grade to one of the rarest: from here on a person is told before training. */
const imbalancedFrom = 5

const counted = (patients: number): string => (patients === 1 ? 'one patient' : `${patients} patients`)

/**
 * What a label set's grades say against a run: one that is rare against the commonest, and one with fewer patients than the split
 * has parts, so that a part is without it and its sensitivity there is undefined. Counted in patients, which a split keeps whole.
 */
export function warningsOf(rows: readonly Pick<LabelRow, 'grade' | 'patientId'>[], recipe: Recipe): Warning[] {
  const patients = new Map<number, Set<string>>()
  for (const { grade, patientId } of rows)
    patients.set(grade, (patients.get(grade) ?? new Set<string>()).add(patientId))
  const counts = [...patients].map(([grade, { size }]) => ({ grade, size })).sort((a, b) => a.size - b.size)
  const [rarest, commonest] = [counts[0], counts.at(-1)]
  if (!rarest || !commonest || counts.length < 2) return []
  const warnings: Warning[] = []
  const figures = { grade: rarest.grade, least: rarest.size, most: commonest.size }
  if (commonest.size >= imbalancedFrom * rarest.size)
    warnings.push({
      ...figures,
      code: 'classes-imbalanced',
      message:
        `Grade ${rarest.grade} has ${counted(rarest.size)} against ${commonest.size} of grade ${commonest.grade}: always ` +
        `answering ${commonest.grade} is right in most cases. Look at sensitivity and specificity, not at accuracy, and let rare ` +
        'grades count more.',
    })
  const parts = recipe.holdOut.by === 'fold' ? recipe.holdOut.folds : recipe.testShare > 0 ? 3 : 2
  if (rarest.size < parts)
    warnings.push({
      ...figures,
      most: parts,
      code: 'grade-alone-in-part',
      message: `Grade ${rarest.grade} has ${counted(rarest.size)}, fewer than the ${parts} parts of the split: one part is without it.`,
    })
  return warnings
}
