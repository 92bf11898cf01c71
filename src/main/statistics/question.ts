import type { AgreementReport } from '../domain/agreement/report.ts'
import type { RescanFigure } from '../domain/agreement/rescan-figure.ts'
import type { Drift, RepeatConsistency } from '../domain/agreement/over-time.ts'
import type { TwoClassFigures } from '../domain/agreement/two-classes.ts'
import type { ConsensusRule } from '../domain/consensus/report.ts'

/** No vote; and a vote that says "cannot be graded". Other codes are places in the declared scale. */
export const NONE = -1
export const CANNOT = -2

/** A key of a study whose votes are encrypted (store/sealed): raw, and for this question alone. */
export interface StudyKeyGiven {
  id: string
  publicKey: string
  privateKey: Uint8Array
  /** The reading was sealed: the key is no secret any more. */
  opened: boolean
}

/** The study asked about, with its declared scale. */
export interface StudyAsked {
  id: string
  categories: number[]
  rescanFrom: number | null
  /** Grades from the cut on say that the study's condition is there (false where not given): sensitivity and specificity are wanted. */
  condition?: boolean
  /** Null where the votes are in the clear. */
  keys?: StudyKeyGiven[] | null
}

/**
 * Which votes count; what is not named is not filtered. Days are YYYY-MM-DD, both included, of the casting of a vote. With
 * `label` only scans stay to which `rule` gives that label, from the votes that pass the rest; null: no label at all.
 */
export interface VoteFilter {
  site?: string | undefined
  readers?: string[] | undefined
  from?: string | undefined
  to?: string | undefined
  rule?: ConsensusRule | undefined
  label?: number | null | undefined
}

export interface OverviewQuestion {
  kind: 'overview'
  study: StudyAsked
  filter: VoteFilter
  /**
   * Resamples of the bootstrap. The re-scan intervals always have them; those of the coefficients, and the labels of
   * Dawid and Skene, take longer and are left out (null) unless `everything` is asked for.
   */
  resamples: number
  everything: boolean
  seed: number
  /**
   * Whose page it is for. Another filter of the same asker ends what is still under way for this one, with the error
   * `superseded`. Not given: nothing does.
   */
  asker?: string | undefined
}

/** As `overview`; answered in the form of the lead's page, as text. */
export interface OverviewPartsQuestion extends Omit<OverviewQuestion, 'kind'> {
  kind: 'overview-parts'
}

export type DisputeOrder = 'dispute' | 'range' | 'entropy' | 'pseudonym' | 'site' | 'settled'

export interface DisputedQuestion {
  kind: 'disputed'
  study: StudyAsked
  filter: VoteFilter
  only: { acrossCut: boolean; unsettled: boolean; conflict: boolean }
  order: { by: DisputeOrder; down: boolean }
  offset: number
  limit: number
}

/** Reads a study's votes ahead of the first question, and computes what its page opens with. */
export interface WarmQuestion extends Pick<OverviewQuestion, 'study' | 'resamples' | 'seed'> {
  kind: 'warm'
}

export type Question = OverviewQuestion | OverviewPartsQuestion | DisputedQuestion | WarmQuestion

export interface ReaderAnswer {
  letter: string
  /** Assignments with a vote, and all of them; whatever the filter. */
  cast: number
  total: number
  /** Votes on each of the answer's `days`. */
  byDay: number[]
  /** `grade` null: cannot be graded. */
  distribution: { grade: number | null; count: number }[]
  repeats: RepeatConsistency
  drift: Drift
  /** The reader's votes in order, in ten parts as even as can be: mean of own grade less the others' mean. */
  driftParts: { part: number; mean: number; n: number }[]
}

/** Of a study that asks for a condition: everybody against the known truth, or each reader against the majority of the others. */
export interface ClassesAnswer {
  reference: 'truth' | 'others'
  /** Scans of each class by the truth; null where none is known. */
  positives: number | null
  negatives: number | null
  readers: ({ letter: string } & TwoClassFigures)[]
  majority: TwoClassFigures | null
}

export interface RuleLabels {
  rule: ConsensusRule
  /** Every grade of the scale, and null: no label. Null as a whole where it was not asked for. */
  counts: { grade: number | null; count: number }[] | null
}

export interface OverviewAnswer {
  report: AgreementReport
  bySite: { site: string; rescan: RescanFigure }[]
  byPair: { raters: [string, string]; rescan: RescanFigure }[]
  /** By the month (YYYY-MM) of a scan's last vote. */
  byMonth: { month: string; rescan: RescanFigure }[]
  /** YYYY-MM-DD, those on which anybody voted, earliest first. */
  days: string[]
  /** Every reader, whether filtered out or not; days, grades and drift of the votes that pass. */
  readers: ReaderAnswer[]
  labels: RuleLabels[]
  /** Scans in which the rounded mean and the majority of the re-scan decision part ways. */
  ruleConflicts: number
  /** Scans whose votes are not all the same. */
  disputed: number
  /** Null where the study asks for no condition. */
  classes: ClassesAnswer | null
}

export interface OverviewParts {
  readers: (Pick<ReaderAnswer, 'letter' | 'cast' | 'total'> & {
    /** The whole of the reader's part as JSON. */
    json: string
  })[]
  /** All that is not about one reader, as the JSON of an object. */
  json: string
}

export interface DisputedAnswer {
  /** Disputed scans that pass the filter, whatever `only` says; of them those across the cut, and so on. */
  total: number
  acrossCut: number
  conflicts: number
  unsettled: number
  /** Of those not settled: with conflicting rules, and without a majority. */
  openConflicts: number
  noMajority: number
  /** Those that pass `only` too, of which `scanIds` are one page. */
  shown: number
  scanIds: string[]
}

export type Answer<Q extends Question> = Q extends OverviewQuestion
  ? OverviewAnswer
  : Q extends OverviewPartsQuestion
    ? OverviewParts
    : Q extends DisputedQuestion
      ? DisputedAnswer
      : null
