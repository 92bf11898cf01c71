import type { EmStep } from '../domain/consensus/dawid-skene.ts'
import type { ConsensusRule } from '../domain/consensus/report.ts'
import type { StudyAsked } from './question.ts'

/** One label a scan, by a named rule, from all votes of a study. */
export interface LabelsQuestion {
  kind: 'labels'
  study: StudyAsked
  rule: ConsensusRule
  /** Votes that Dawid and Skene's estimate looks at, at most; the rule's own bound where not given. */
  work?: number | undefined
}

export interface LabelsAnswer {
  /** Identifiers of the scans with a label, by their pseudonyms, a line each: one text passes between threads faster than many. */
  scans: string
  grades: Int32Array
  /** 1 where the lead's own grade took the rule's place. */
  adjudicated: Uint8Array
  /** scans x grades: the soft labels. */
  shares: Float64Array
  /** Scans with votes to which the rule gives no label. */
  unresolved: number
  /** SHA-256 of the votes and of the grades settled. */
  digest: string
  /** How Dawid and Skene's estimate ended; null of the other rules. */
  estimate: { iterations: number; converged: boolean } | null
}

/** How far the readers of a study agree, from the votes that anybody may read once it is sealed. */
export interface ReadersQuestion {
  kind: 'readers'
  study: StudyAsked
}

export interface ReadersAnswer {
  /** How often two readers agree; null where no scan has two votes. */
  agreement: number | null
  /** From the reader who agrees least with the others to the one who agrees most. */
  band: { low: number; high: number } | null
}

export type WholeQuestion = LabelsQuestion | ReadersQuestion
export type WholeAnswer<Q extends WholeQuestion> = Q extends LabelsQuestion ? LabelsAnswer : ReadersAnswer

/** How far the work is within its stage, 0 to 1. */
export type WholeProgress = { stage: 'votes'; share: number } | ({ stage: 'estimate' } & EmStep)

/** What work over a whole study tells on its way, and whether it shall go on. */
export interface Control {
  tell(progress: WholeProgress): void
  stopped(): boolean
}
