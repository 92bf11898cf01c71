import type { Selectable } from 'kysely'

// The tables as queries see them; db/migrations makes them, and a test holds the two together (db/schema.sql).

interface AccountTable {
  id: string
  name: string
  display_name: string
  roles: string
  password_hash: string
  state: 'active' | 'closed'
  failed_attempts: number
  locked_until: string | null
  /** 1: an administrator has set the password; it must be changed at the next sign-in. */
  must_change: number
  created_at: string
}
interface StudyTable {
  id: string
  title: string
  template: string
  state: 'draft' | 'open' | 'sealed' | 'adjudicating' | 'closed'
  scale: string
  readers_per_scan: number
  order_seed: string
  pseudonym_key: string
  /** JSON, see domain/design.ts; `{}` is the plain design. */
  design: string
  created_by: string
  created_at: string
  /** When leads learned who is A, B, C; null before. */
  unblinded_at: string | null
  /** 1: after unblinding each reader may see how they differ from the consensus. */
  readers_see_afterwards: number
  /** 1: votes are sealed in the file until the reading is (sealed/envelope.ts); chosen when the study is made. */
  votes_encrypted: number
}
interface StudyReaderTable {
  study_id: string
  account_id: string
  letter: string
}
interface PatientTable {
  id: string
  study_id: string
  pseudonym: string
  source_digest: string
}
interface ScanTable {
  id: string
  study_id: string
  patient_id: string
  pseudonym: string
  site: 'tibia' | 'radius' | 'calcaneus' | 'other'
  side: 'left' | 'right' | 'unknown'
  purpose: 'reading' | 'unread'
  format: string
  dims: string
  spacing: string | null
  unit: string
  warnings: string
  content_sha256: string
  imported_by: string
  imported_at: string
}
interface ScanDayTable {
  scan_id: string
  /** ISO 8601 */
  day: string
}
interface MotionEstimateTable {
  scan_id: string
  qme_ncc: number | null
  qme_ssd: number | null
  reason: string | null
  centre: number
  centre_by: 'silhouette' | 'registration' | 'given'
  format: string
  computed_at: string
}
interface AssignmentTable {
  id: string
  study_id: string
  scan_id: string
  account_id: string
  round: number
  kind: 'primary' | 'repeat' | 'calibration' | 'hidden'
  position: number
  voted: number
  /** The number the reader is told; null where it is the position. */
  place: number | null
  /** What the reader is told in place of the scan's pseudonym, in studies that show scans twice. */
  code: string | null
  /** The assignment whose vote must come first: this is the second vote, after the model's grade was shown. */
  follows: string | null
}
interface VoteTable {
  id: string
  assignment_id: string
  revision: number
  kind: 'cast' | 'withdrawn'
  grade: number | null
  reason: string | null
  note: string | null
  worst_slice: number | null
  shown_at: string | null
  cast_at: string
  salt: string
  /** 1 unsure, 2 fairly sure, 3 sure. */
  confidence: number | null
  /** JSON: a grade for each stack, proximal last. */
  stack_grades: string | null
  /** Time spent looking, pauses left out. */
  looked_ms: number | null
  /** What the page called this vote when it handed it in, so that it is known again when it is handed in once more. */
  request: string | null
  /** Where the vote is sealed: with which key; what it says is in `sealed` alone, and null above. */
  reader_key_id: string | null
  sealed: string | null
  /** The revision that the vote was cast with, where it stands under another one: both sides of a packet had voted. */
  cast_revision: number | null
}
interface PacketTable {
  /** Of what was signed. */
  digest: string
  /**
   * `made`: a study was taken along with it; `opened`: the study came here with it; `taken`: a reader's votes were taken along;
   * `merged`: votes came home with it.
   */
  act: 'made' | 'opened' | 'taken' | 'merged'
  study_id: string
  /** The reader it is of. */
  account_id: string
  signing_key: string
  at: string
  /** Who did it, where somebody was signed in. */
  done_by: string | null
  /** Votes that came with it and were new, or that were taken along. */
  votes: number | null
  /** When the file was made, by its maker's clock. */
  made_at: string | null
  /** Of an opened one: the first round that can still be read. */
  first_round: number | null
}
interface AccountKeyTable {
  id: string
  account_id: string
  public_key: string
  signing_key: string
  made_at: string
}
interface AccountKeyLockTable {
  key_id: string
  derivation: string
  salt: string
  box: string
}
interface StudyKeyTable {
  id: string
  study_id: string
  /** 1 for the first reading, one more each time it is opened again. */
  generation: number
  public_key: string
  made_at: string
}
interface StudyKeyShareTable {
  study_key_id: string
  account_key_id: string
  box: string
  at: string
}
interface StudyRecoveryTable {
  study_key_id: string
  public_key: string
  box: string
  seed_box: string
  /** When a lead said that they have the printed key. */
  kept_at: string | null
  kept_by: string | null
}
interface StudyKeyOpenedTable {
  study_key_id: string
  private_key: string
  account_id: string
  at: string
}
interface ReaderKeyTable {
  id: string
  study_key_id: string
  account_id: string
  box: string
  at: string
}
interface ReaderKeyShareTable {
  reader_key_id: string
  account_key_id: string
  box: string
  at: string
}
export type AdjudicationCause =
  | ('streaksInside' | 'streaksOutside' | 'fewSlices' | 'manySlices')
  | ('trabeculaeLost' | 'trabeculaeKept' | 'exposure' | 'overlap')
  | ('smallPart' | 'largePart' | 'imageQuality')
  | ('definition' | 'majority' | 'other')
interface AdjudicationTable {
  id: string
  study_id: string
  scan_id: string
  grade: number
  /** The lead's own words; may be empty where `cause` says it. */
  reason: string
  /** The reason picked from the list. */
  cause: AdjudicationCause
  account_id: string
  at: string
}
interface ScanReferenceTable {
  id: string
  study_id: string
  scan_id: string
  grade: number
  account_id: string
  at: string
}
interface ReportNoteTable {
  id: string
  study_id: string
  item: string
  text: string
  account_id: string
  at: string
}
interface LabelSetTable {
  id: string
  study_id: string
  name: string
  rule: 'majority' | 'rounded-mean' | 'median' | 'dawid-skene'
  digest: string
  unresolved: number
  created_by: string
  created_at: string
  /** Of Dawid and Skene's rule; null of the others, and where it was not kept yet. */
  em_iterations: number | null
  em_converged: number | null
}
interface LabelTable {
  label_set_id: string
  scan_id: string
  grade: number
  distribution: string
  origin: 'rule' | 'adjudicated'
}
interface TrainingRunTable {
  id: string
  study_id: string
  label_set_id: string
  recipe: string
  folds: string
  state: 'running' | 'paused' | 'interrupted' | 'cancelled' | 'failed' | 'done'
  best_epoch: number | null
  device: string | null
  versions: string | null
  figures: string | null
  error: string | null
  started_by: string
  started_at: string
  seconds: number
  /** The run whose test patients this one keeps apart too, to be compared with it. */
  based_on: string | null
  /** Since when it does not go on, where its workstation was not there any more. */
  interrupted_at: string | null
  /** Where the work is done; null: before there were several workstations. Of jobs and series alike. */
  workstation: string | null
}
interface TrainingSeriesTable {
  id: string
  study_id: string
  label_set_id: string
  /** JSON, see the contract's `seriesPlan`. */
  plan: string
  state: 'running' | 'interrupted' | 'cancelled' | 'failed' | 'done'
  error: string | null
  started_by: string
  started_at: string
  interrupted_at: string | null
  workstation: string | null
}
interface WorkstationTable {
  id: string
  /** Seconds since 1970 by the server's clock. */
  seen: number
}
interface TrainingSeriesRunTable {
  run_id: string
  series_id: string
  /** Which of the plan's runs: `variant/fold`, with `/inner` where it only serves a choice. */
  step: string
}
interface EpochTable {
  run_id: string
  epoch: number
  loss: number
  accuracy: number
  validation_loss: number | null
  validation_accuracy: number | null
  seconds: number
}
interface ModelTable {
  id: string
  study_id: string
  /** Null for a model that came from elsewhere or is made of others. */
  run_id: string | null
  name: string
  sha256: string
  parameters: number
  origin: 'run' | 'import' | 'ensemble'
  created_at: string
}
interface ModelMemberTable {
  ensemble_id: string
  model_id: string
  place: number
}
interface HeldOutTable {
  model_id: string
  scan_id: string
  part: 'validation' | 'test'
  grade: number
  probabilities: string
}
interface ModelRetiredTable {
  model_id: string
  reason: string
  account_id: string
  at: string
}
interface ReadingAgainTable {
  id: string
  study_id: string
  model_id: string
  first_round: number
  account_id: string
  at: string
}
interface PredictionTable {
  model_id: string
  scan_id: string
  grade: number
  expected_grade: number
  uncertainty: number
  rule: 'mean' | 'majority'
  /** 1: two grades had equally many votes of slices or networks. */
  tie: number
  /** Share of slices, of networks, that name another grade; null where not known, or where there are none. */
  slice_disagreement: number | null
  member_disagreement: number | null
  probabilities: string
  slices: string
  /** JSON: probabilities of each network of an ensemble. */
  members: string | null
  at: string
}
interface JobTable {
  id: string
  kind: string
  study_id: string | null
  account_id: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'
  done: number
  total: number
  detail: string
  error: string | null
  started_at: string
  ended_at: string | null
  workstation: string | null
}
interface AuditTable {
  sequence: number
  at: string
  account_id: string | null
  act: string
  subject: string
  row_digest: string
  previous: string
  digest: string
}

interface PacsTable {
  id: string
  name: string
  url: string
  auth: 'none' | 'basic' | 'token'
  /** PEM of the house's own authority. */
  ca: string | null
  plain: number
  created_by: string
  created_at: string
  removed_at: string | null
}
/** Keyed digests of the study's and the series' identifiers: an archive is asked with them, and nobody is found by them alone. */
interface ScanOriginTable {
  scan_id: string
  study_digest: string
  series_digest: string
}
interface ReportSentTable {
  id: string
  label_set_id: string
  scan_id: string
  pacs_id: string
  kind: 'grade' | 'rescan'
  account_id: string
  sent_at: string
}
interface RoiPlacementTable {
  id: string
  study_id: string
  scan_id: string
  /** Of a reader's own; null: the study's. */
  assignment_id: string | null
  account_id: string
  revision: number
  /** Pixels of the original; the middle of the first one is (0, 0). */
  x: number
  y: number
  edge_mm: number
  rotation: number
  /** Millimetres a pixel, and who says so. */
  spacing: number
  spacing_from: 'file' | 'assumed'
  inverted: number
  placed_at: string
}
interface KnownCaseTable {
  id: string
  study_id: string
  scan_id: string
  use: 'exemplar' | 'calibration' | 'hidden'
  grade: number
  why: string | null
  motion_mm: number | null
  origin: 'phantom' | 'settled' | 'named'
  added_by: string
  added_at: string
}
interface ReadingPlaceTable {
  account_id: string
  study_id: string
  assignment_id: string
  place: string
  at: string
}
interface AccountSettingTable {
  account_id: string
  name: string
  value: string
}

export interface Tables {
  account: AccountTable
  study: StudyTable
  study_reader: StudyReaderTable
  patient: PatientTable
  scan: ScanTable
  scan_day: ScanDayTable
  motion_estimate: MotionEstimateTable
  assignment: AssignmentTable
  vote: VoteTable
  account_key: AccountKeyTable
  account_key_lock: AccountKeyLockTable
  study_key: StudyKeyTable
  study_key_share: StudyKeyShareTable
  study_recovery: StudyRecoveryTable
  study_key_opened: StudyKeyOpenedTable
  reader_key: ReaderKeyTable
  reader_key_share: ReaderKeyShareTable
  known_case: KnownCaseTable
  roi_placement: RoiPlacementTable
  reading_place: ReadingPlaceTable
  account_setting: AccountSettingTable
  adjudication: AdjudicationTable
  scan_reference: ScanReferenceTable
  report_note: ReportNoteTable
  label_set: LabelSetTable
  label: LabelTable
  training_run: TrainingRunTable
  training_series: TrainingSeriesTable
  training_series_run: TrainingSeriesRunTable
  epoch: EpochTable
  model: ModelTable
  prediction: PredictionTable
  model_member: ModelMemberTable
  held_out: HeldOutTable
  model_retired: ModelRetiredTable
  reading_again: ReadingAgainTable
  pacs: PacsTable
  scan_origin: ScanOriginTable
  report_sent: ReportSentTable
  job: JobTable
  workstation: WorkstationTable
  audit: AuditTable
  packet: PacketTable
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>
