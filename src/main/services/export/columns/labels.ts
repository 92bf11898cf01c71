import { adjudicationCause } from '../../../../preload/contract/causes.ts'
import type { Scale } from '../../../../preload/contract/common.ts'
import type { Row } from '../../../store/schema.ts'
import { estimateOf } from '../../settling/estimated-labels.ts'
import type { LabelRow } from '../../settling/labels.ts'
import type { Column } from '../../../domain/csv-table.ts'
import { place, subject, type Placed } from './placed.ts'

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
