import type { AdjudicationCause } from '../../../preload/contract/causes.ts'
import type { reasons } from '../../domain/agreement/outcome.ts'
import type { NoteItem } from './notes.ts'

type State = 'draft' | 'open' | 'sealed' | 'adjudicating' | 'closed'

/** Everything the report says, in one language. */
export interface ReportWords {
  title: (study: string) => string
  kind: string
  printed: (day: string, version: string, audit: string) => string
  states: Record<State, string>
  to: string
  ci: string
  none: string
  yes: string
  no: string
  cannot: string
  grade: (value: number) => string
  reader: (letter: string) => string
  site: Record<string, string>
  all: string
  missing: (item: number) => string
  undefined: string
  sections: Record<
    | 'summary'
    | 'device'
    | 'subjects'
    | 'process'
    | 'statistics'
    | 'results'
    | 'labels'
    | 'networks'
    | 'discussion'
    | 'checklist'
    | 'annex',
    string
  >
  lead: string
  leadText: (count: number, n: number, grade: number, interval: string) => string
  noCut: string
  summary: (
    s: Record<
      'readers' | 'scans' | 'patients' | 'grades' | 'cast' | 'expected' | 'full' | 'fleiss' | 'alpha',
      string | number
    >,
  ) => string
  scaleTable: string
  /** A grade's word and description; those of the built-in scales are translated. */
  gradeText: (grade: { word: string; description: string }) => { word: string; description: string }
  scaleHead: readonly string[]
  subjectsText: (scans: number, patients: number) => string
  subjectsTable: string
  subjectsHead: readonly string[]
  readersText: (readers: number, perScan: number) => string
  labelsOf: Record<NoteItem, string>
  independent: string
  period: (from: string, to: string) => string
  sealed: (day: string) => string
  notSealed: string
  unblinded: (day: string) => string
  notUnblinded: string
  repeats: (n: number) => string
  noRepeats: string
  /** What the study's design asked for beside one grade a reader and scan. */
  design: {
    seed: (seed: number) => string
    repeats: (percent: number, gap: number) => string
    rounds: (rounds: number, days: number) => string
    paired: string
    stacks: (slices: number) => string
    confidence: string
    hidden: (n: number) => string
    calibration: (n: number) => string
  }
  /** Grades that agreement is not made of. */
  again: {
    table: string
    head: readonly string[]
    calibration: string
    hidden: string
    round: (round: number) => string
    second: string
  }
  methods: (resamples: number, seed: number) => readonly string[]
  votesTable: string
  votesHead: Record<'reader' | 'votes' | 'spread' | 'rescan', string>
  rescanTable: string
  rescanHead: readonly [string, string, string, string, string, (most: string) => string]
  bySite: (site: string) => string
  byPair: (pair: string) => string
  byMonth: (month: string) => string
  besideCut: string
  agreementTable: string
  agreementHead: readonly string[]
  names: Record<
    | 'full'
    | 'pairwise'
    | 'fleiss'
    | 'conger'
    | 'light'
    | 'nominal'
    | 'ordinal'
    | 'interval'
    | 'ac1'
    | 'ac2'
    | 'kendall',
    string
  >
  gradesTable: string
  pairsTable: string
  pairsHead: readonly string[]
  cutTable: string
  cutHead: readonly string[]
  cutNote: string
  mapsTitle: string
  repeatsTable: string
  repeatsHead: readonly string[]
  disputedText: (disputed: number, conflicts: number, settled: number) => string
  causesTable: string
  causesHead: readonly string[]
  causes: Record<AdjudicationCause, string>
  setsTable: string
  setsHead: readonly string[]
  rules: Record<string, string>
  noSets: string
  /** Of label sets whose estimate had not converged. */
  setsNotConverged: (names: readonly string[]) => string
  networksTable: string
  networksHead: readonly string[]
  relevance: (of100: string) => string
  checklistHead: readonly string[]
  /** The fifteen items of GRRAS, in order. */
  items: readonly string[]
  where: (section: string) => string
  partly: (section: string) => string
  byAuthors: string
  detailed: string
  annexHead: Record<'scan' | 'site' | 'cut' | 'majority' | 'mean' | 'settled', string>
  annexMore: (shown: number, all: number) => string
  across: string
  /** Why a statistic is not defined; null: as the statistics say it themselves. */
  reasons: Record<keyof typeof reasons, string> | null
}
