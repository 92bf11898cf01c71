import type { DisputedScan, Overview, Quality } from '../../../preload/contract/analysis.ts'
import type { Design } from '../../../preload/contract/design.ts'
import type { LabelSet } from '../../../preload/contract/labels.ts'
import type { Model } from '../../../preload/contract/models.ts'
import type { AgreementReport } from '../../domain/agreement/report.ts'
import type { ReportLanguage } from './format.ts'
import type { Notes } from './notes.ts'
import type { ReportWords } from './report-words.ts'

/** What the report says of a study beside its figures. */
export interface StudyFacts {
  sites: { site: string; scans: number; patients: number }[]
  patients: number
  sealedAt: string | null
  unblindedAt: string | null
  /** How the study was read, and how many scans of known grade were among the others or before them. */
  design: Design
  cases: { hidden: number; calibration: number }
  resamples: number
  seed: number
}

export interface ReportContent {
  language: ReportLanguage
  version: string
  /** The end of the audit chain. */
  audit: string
  printedAt: Date
  overview: Overview
  /** The most disputed scans, not more than fit a report. */
  disputed: DisputedScan[]
  /** Adjudications by their reason, and all of them. */
  settled: { cause: keyof ReportWords['causes']; count: number }[]
  labelSets: LabelSet[]
  models: Model[]
  facts: StudyFacts
  /** Repeats, rounds, known cases and second votes, reader by reader. */
  quality: Quality
  notes: Notes
}

/** What every section needs. */
export interface Page {
  content: ReportContent
  words: ReportWords
  agreement: AgreementReport
  /** Numbers tables in the order in which they are set. */
  caption: (text: string) => string
}
