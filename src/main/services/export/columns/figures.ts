import type { Overview } from '../../../../preload/contract/analysis.ts'
import type { Scale } from '../../../../preload/contract/common.ts'
import type { FigureRow } from '../figures.ts'
import type { Column } from '../../../domain/csv-table.ts'

/** One row a grade of the declared scale. */
export const scaleColumns = (scale: Scale): readonly Column<Scale['grades'][number]>[] => [
  { name: 'grade', meaning: 'The grade as in the other tables.', of: (grade) => grade.value },
  { name: 'word', meaning: 'Its name.', of: (grade) => grade.word },
  {
    name: 'rescan',
    meaning:
      '1: from this grade on the patient is scanned again or, where the study asks for a condition, has it; 0: not, or the study has no such cut.',
    of: (grade) => (scale.rescanFrom !== null && grade.value >= scale.rescanFrom ? 1 : 0),
  },
  { name: 'description', meaning: 'What it looks like.', of: (grade) => grade.description },
]

export type ClassRow = { rater: string; reference: string } & Omit<
  NonNullable<Overview['classes']>['readers'][number],
  'letter'
>

/** One row a reader of a study that asks for a condition, and one for their majority where the truth is known. */
export const classColumns: readonly Column<ClassRow>[] = [
  { name: 'rater', meaning: "The reader's letter, or majority.", of: (row) => row.rater },
  {
    name: 'reference',
    meaning: "truth: the known truth; others: the majority of the other readers' votes.",
    of: (row) => row.reference,
  },
  ...(['sensitivity', 'specificity', 'accuracy'] as const).flatMap((name): Column<ClassRow>[] => [
    { name, meaning: `As on the page, with all digits; empty: not defined.`, of: (row) => row[name].rate },
    { name: `${name}_lower`, meaning: 'Lower limit of its 95 % interval.', of: (row) => row[name].ci?.[0] ?? null },
    { name: `${name}_upper`, meaning: 'Upper limit of its 95 % interval.', of: (row) => row[name].ci?.[1] ?? null },
  ]),
  { name: 'tp', meaning: 'Positive by the reference and called so.', of: (row) => row.tp },
  { name: 'fn', meaning: 'Positive by the reference and missed.', of: (row) => row.fn },
  { name: 'tn', meaning: 'Negative by the reference and called so.', of: (row) => row.tn },
  { name: 'fp', meaning: 'Negative by the reference and called positive.', of: (row) => row.fp },
]

/** The rows of `classColumns`. */
export function classRows({ classes }: Overview): ClassRow[] {
  if (!classes) return []
  const { reference, readers, majority } = classes
  return [
    ...readers.map(({ letter, ...figures }) => ({ rater: letter, reference, ...figures })),
    ...(majority ? [{ rater: 'majority', reference, ...majority }] : []),
  ]
}

/** One row a figure of the lead's page. */
export const figureColumns: readonly Column<FigureRow>[] = [
  { name: 'statistic', meaning: 'Which statistic; the scripts compute the same names.', of: (row) => row.statistic },
  {
    name: 'part',
    meaning: 'all; a site; or a pair of readers by their letters.',
    of: (row) => row.part,
  },
  { name: 'weights', meaning: "Of Cohen's kappa and of alpha; otherwise empty.", of: (row) => row.weights },
  {
    name: 'value',
    meaning: 'As on the page, with all digits; empty: not defined (see reason).',
    of: (row) => row.value,
  },
  { name: 'lower', meaning: 'Lower limit of the 95 % interval; empty: none.', of: (row) => row.lower },
  { name: 'upper', meaning: 'Upper limit of the 95 % interval; empty: none.', of: (row) => row.upper },
  { name: 'n', meaning: 'Scans that it is computed from.', of: (row) => row.n },
  { name: 'reason', meaning: 'Why it is not defined.', of: (row) => row.reason },
]
