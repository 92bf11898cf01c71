import { cannotReasons } from '../../../preload/contract/reading.ts'
import { adjudicationCause } from '../../../preload/contract/causes.ts'
import type { Overview } from '../../../preload/contract/analysis.ts'
import type { Scale } from '../../../preload/contract/common.ts'
import type { Prediction } from '../../../preload/contract/models.ts'
import type { Row } from '../../store/schema.ts'
import { estimateOf } from '../settling/estimated-labels.ts'
import type { LabelRow } from '../settling/labels.ts'
import type { Showing } from '../votes/showings.ts'
import type { CountingVote } from '../votes/counting.ts'
import { csvText } from '../../domain/csv.ts'
import type { FigureRow } from './figures.ts'

export type Cell = string | number | null

/** A column of an exported table: what it is called, what it means (for the README), and how a row has it. */
export interface Column<Row> {
  name: string
  meaning: string
  of(row: Row): Cell
}

/** A table as it is written: the header, then the rows. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Cell[][] {
  return [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => column.of(row)))]
}

/** The same as CSV, portion by portion; `rows` once they are written. */
export function csvOf<Row>(columns: readonly Column<Row>[], parts: AsyncIterable<readonly Row[]>) {
  const names = columns.map((column) => column.name)
  let rows = 0
  async function* text(): AsyncGenerator<string> {
    yield csvText(names, [])
    for await (const part of parts) {
      rows += part.length
      if (part.length > 0) yield csvText(names, tableOf(columns, part).slice(1), false)
    }
  }
  return { text, rows: () => rows }
}

/** A scan's pseudonym is its patient's with a number behind. */
const patientOf = (pseudonym: string): string => pseudonym.replace(/-\d+$/, '')

interface Placed {
  pseudonym: string
  site: string
  side: string
}
const subject: Column<Placed> = { name: 'subject', meaning: "The scan's pseudonym.", of: (row) => row.pseudonym }
const place: readonly Column<Placed>[] = [
  {
    name: 'patient',
    meaning: "The patient's pseudonym; scans of one patient share it. No identity is kept by the program.",
    of: (row) => patientOf(row.pseudonym),
  },
  { name: 'site', meaning: 'tibia, radius, calcaneus or other.', of: (row) => row.site },
  { name: 'side', meaning: 'left, right or unknown.', of: (row) => row.side },
]

/** One row a vote that counts. `named` adds who the readers are. */
export const voteColumns = (named: boolean): readonly Column<CountingVote>[] => [
  subject,
  { name: 'rater', meaning: "The reader's letter in this study.", of: (vote) => vote.letter },
  ...(named
    ? [
        {
          name: 'rater_name',
          meaning: "The reader's name; asked for on purpose.",
          of: (vote: CountingVote) => vote.displayName,
        },
      ]
    : []),
  {
    name: 'grade',
    meaning: 'The grade; empty: the reader said that the scan cannot be graded.',
    of: (vote) => vote.grade,
  },
  {
    name: 'reason',
    meaning: `Why the scan cannot be graded; empty beside a grade: ${cannotReasons.join(', ')} (in own words, which are not exported).`,
    of: ({ reason }) => (reason === null ? null : (cannotReasons.find((known) => known === reason) ?? 'other')),
  },
  ...place,
  {
    name: 'worst_slice',
    meaning: 'The slice that the reader marked as the worst, counted from 1; empty: none.',
    of: (vote) => (vote.worstSlice === null ? null : vote.worstSlice + 1),
  },
  { name: 'cast_at', meaning: 'When the vote was cast, UTC.', of: (vote) => vote.castAt },
]

/** One row a showing of a scan to a reader that was voted on. */
export const showingColumns = (named: boolean): readonly Column<Showing>[] => [
  subject,
  { name: 'rater', meaning: "The reader's letter in this study.", of: (row) => row.letter },
  ...(named
    ? [
        {
          name: 'rater_name',
          meaning: "The reader's name; asked for on purpose.",
          of: (row: Showing) => row.displayName,
        },
      ]
    : []),
  {
    name: 'shown',
    meaning:
      'first: what agreement and consensus are made of (as votes.csv); repeat: a second time, unannounced; round: in a later round; second: after the model’s grade of this scan was shown; hidden, calibration: a scan of known grade.',
    of: (row) => row.shown,
  },
  { name: 'round', meaning: 'The round, from 1.', of: (row) => row.round },
  {
    name: 'grade',
    meaning: 'The grade; empty: the reader said that the scan cannot be graded.',
    of: (row) => row.grade,
  },
  {
    name: 'confidence',
    meaning: '1 unsure, 2 fairly sure, 3 sure; empty: not asked for.',
    of: (row) => row.confidence,
  },
  {
    name: 'stack_grades',
    meaning: 'A grade for each stack of the scan, proximal last, with blanks between; empty: one grade a scan.',
    of: (row) => row.stackGrades?.join(' ') ?? null,
  },
  ...place,
  {
    name: 'worst_slice',
    meaning: 'The slice that the reader marked as the worst, counted from 1; empty: none.',
    of: (row) => (row.worstSlice === null ? null : row.worstSlice + 1),
  },
  { name: 'cast_at', meaning: 'When the vote was cast, UTC.', of: (row) => row.castAt },
]

export interface FrozenLabel extends LabelRow {
  set: Pick<Row<'label_set'>, 'name' | 'rule' | 'digest' | 'created_at' | 'em_iterations' | 'em_converged'>
}

/** One row a label of a label set. */
export const labelColumns = (scale: Scale, auditHead: string): readonly Column<FrozenLabel>[] => [
  subject,
  { name: 'label', meaning: 'The frozen grade.', of: (row) => row.grade },
  {
    name: 'origin',
    meaning: 'rule: the rule gave it; adjudicated: the lead settled it.',
    of: (row) => row.origin,
  },
  {
    name: 'rule',
    meaning: 'majority, rounded-mean, median or dawid-skene.',
    of: (row) => row.set.rule,
  },
  {
    name: 'estimate',
    meaning:
      "How Dawid and Skene's estimate ended: converged, or not-converged (its bounded work ended first: other labels may be as likely). " +
      'Empty: the rule estimates nothing, or it was not kept yet.',
    of: ({ set }) => {
      const ended = estimateOf(set)
      return ended && (ended.converged ? 'converged' : 'not-converged')
    },
  },
  ...place,
  ...scale.grades.map((grade, i) => ({
    name: `p${grade.value}`,
    meaning: `Share of grade ${grade.value} in the soft label: of the votes, or the posterior of Dawid and Skene.`,
    of: (row: FrozenLabel) => row.distribution[i] ?? 0,
  })),
  { name: 'label_set', meaning: 'Name of the label set.', of: (row) => row.set.name },
  { name: 'frozen_at', meaning: 'When it was frozen, UTC.', of: (row) => row.set.created_at },
  {
    name: 'votes_digest',
    meaning: 'SHA-256 of the votes and adjudications that the label set came from.',
    of: (row) => row.set.digest,
  },
  {
    name: 'audit_head',
    meaning: 'The end of the audit chain when this was written: proves later that nothing before it was changed.',
    of: () => auditHead,
  },
]

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

const listed = adjudicationCause.options.filter((cause) => cause !== 'other').join(', ')

export interface SettledScan extends Placed {
  grade: number
  cause: string
  at: string
}

/** One row a scan that the lead settled: the newest decision. The lead's own words stay in the program. */
export const adjudicationColumns: readonly Column<SettledScan>[] = [
  subject,
  { name: 'grade', meaning: "The lead's grade.", of: (row) => row.grade },
  {
    name: 'cause',
    meaning: `The reason picked from the list of the study's template: ${listed}; other: in own words, which are not exported.`,
    of: (row) => row.cause,
  },
  ...place,
  { name: 'settled_at', meaning: 'When, UTC.', of: (row) => row.at },
]

export interface KnownTruth extends Placed {
  grade: number
}

/** One row a scan whose true grade is known: the newest that was entered. */
export const truthColumns: readonly Column<KnownTruth>[] = [
  subject,
  { name: 'grade', meaning: 'What is true of it, on the scale of the study.', of: (row) => row.grade },
  ...place,
]

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
