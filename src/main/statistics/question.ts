import type { AgreementReport, RescanFigure } from '../domain/agreement/report.ts'

/** No vote; and a vote that says "cannot be graded". Other codes are places in the declared scale. */
export const NONE = -1
export const CANNOT = -2

/** The counting votes of a study by columns: what crosses to the statistics thread is bytes, not objects. */
export interface VoteColumns {
  scans: number
  /** For each scan its place in `siteNames`. */
  site: Uint8Array
  siteNames: string[]
  /** For each scan the number of its patient. */
  patient: Int32Array
  /** One entry a reader; `code` and `day` (days since 1970, UTC) have an element a scan. */
  readers: { letter: string; code: Int8Array; day: Int32Array }[]
}

/** Which votes count; what is not named is not filtered. Days are YYYY-MM-DD, both included, of the casting of a vote. */
export interface VoteFilter {
  site?: string | undefined
  readers?: string[] | undefined
  from?: string | undefined
  to?: string | undefined
}

export interface Question {
  votes: VoteColumns
  categories: number[]
  filter: VoteFilter
  /** `bootstrap`: resamples; 0 leaves the bootstrap intervals null. */
  options: { rescanFrom: number | null; bootstrap: number; seed: number }
}

export interface Answer {
  report: AgreementReport
  bySite: { site: string; rescan: RescanFigure }[]
  byPair: { raters: [string, string]; rescan: RescanFigure }[]
  /** By the month (YYYY-MM) of a scan's last vote. */
  byMonth: { month: string; rescan: RescanFigure }[]
  /** Every reader, whether filtered out or not; days and grades of the votes that pass. `grade` null: cannot be graded. */
  readers: {
    letter: string
    byDay: { day: string; count: number }[]
    distribution: { grade: number | null; count: number }[]
  }[]
  /** Scans whose votes are not all the same. */
  disputed: number
}
