import type { Scale } from '../../../../preload/contract/common.ts'
import type { Prediction } from '../../../../preload/contract/models.ts'
import type { Column } from '../../../domain/csv-table.ts'
import { place, subject } from './placed.ts'

export type PredictedScan = Prediction & { model: string }

/** One row a scan that a model graded. */
export const predictionColumns = (scale: Scale): readonly Column<PredictedScan>[] => [
  subject,
  { name: 'grade', meaning: "The model's grade.", of: (row) => row.grade },
  { name: 'expected_grade', meaning: 'Mean grade under the probabilities.', of: (row) => row.expectedGrade },
  {
    name: 'uncertainty',
    meaning: 'Normalised entropy of the probabilities: 0 sure, 1 no idea.',
    of: (row) => row.uncertainty,
  },
  ...scale.grades.map((grade, i) => ({
    name: `p${grade.value}`,
    meaning: `Probability of grade ${grade.value}.`,
    of: (row: PredictedScan) => row.probabilities[i] ?? null,
  })),
  ...place,
  { name: 'model', meaning: 'Name of the model.', of: (row) => row.model },
  {
    name: 'rule',
    meaning: 'How slices, or the networks of an ensemble, became one grade: mean of the probabilities, or majority.',
    of: (row) => row.rule,
  },
  {
    name: 'tie',
    meaning:
      '1 where two grades had equally many votes: the one with the higher mean probability, then the lower, was taken.',
    of: (row) => (row.tie ? 1 : 0),
  },
  {
    name: 'slice_disagreement',
    meaning: 'Share of the slices that name another grade.',
    of: (row) => row.sliceDisagreement,
  },
  {
    name: 'network_disagreement',
    meaning: 'Share of the networks of an ensemble that name another grade; empty for one network.',
    of: (row) => row.memberDisagreement,
  },
  { name: 'unsure', meaning: '1 where the model is unsure.', of: (row) => (row.unsure ? 1 : 0) },
]
