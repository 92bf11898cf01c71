import { digestOf } from '../audit.ts'
import type { Row } from '../schema.ts'
import { listDigester, wholeDigest, wholeDigester, without } from './whole.ts'

// What audit entries attest of rows that are complete by themselves: made here and nowhere else.

/** Tries of passwords, and the wait after them, come and go. */
export const accountDigest = (row: Row<'account'>): string =>
  wholeDigest(without(row, 'failed_attempts', 'locked_until'))

export const roiDigest = (row: Row<'roi_placement'>): string =>
  digestOf(
    ...[row.id, row.study_id, row.scan_id, row.assignment_id, row.account_id, row.revision],
    ...[row.x, row.y, row.edge_mm, row.rotation, row.spacing, row.spacing_from, row.inverted, row.placed_at],
  )

export const accountKeyDigest = (row: Row<'account_key'>): string =>
  digestOf(row.id, row.account_id, row.public_key, row.signing_key, row.made_at)

export const studyKeyDigest = (row: Row<'study_key'>): string =>
  digestOf(row.id, row.study_id, row.generation, row.public_key, row.made_at)

export const studyKeyOpenedDigest = (row: Row<'study_key_opened'>): string => wholeDigest(row)

/** @param accountId whose the key is that it was shut to */
export const studyKeyShareDigest = (row: Row<'study_key_share'>, accountId: string): string =>
  digestOf(row.study_key_id, row.account_key_id, accountId, row.box)

export const readerKeyDigest = (row: Row<'reader_key'>): string =>
  digestOf(row.id, row.study_key_id, row.account_id, row.box, row.at)

export const adjudicationDigest = (row: Row<'adjudication'>): string => wholeDigest(row)

export const referenceDigest = (row: Row<'scan_reference'>): string => wholeDigest(row)

type Labels = Omit<Row<'label'>, 'label_set_id'>

/** Of the set and its labels, which come some at a time in the order of the scans' pseudonyms. */
export const labelSetDigester = (set: Row<'label_set'>) => wholeDigester(set)

export const reportNoteDigest = (row: Row<'report_note'>): string => wholeDigest(row)

export const reportSentDigest = (row: Row<'report_sent'>): string => wholeDigest(row)

export const pacsDigest = (row: Row<'pacs'>): string => wholeDigest(row)

export const packetDigest = (row: Row<'packet'>): string => wholeDigest(row)

export const motionDigest = (row: Row<'motion_estimate'>): string => wholeDigest(row)

export const modelRetiredDigest = (row: Row<'model_retired'>): string => wholeDigest(row)

export const predictionDigest = (row: Row<'prediction'>): string => wholeDigest(row)

/** What of a study never changes. */
export const studyMadeDigest = (row: Row<'study'>): string =>
  wholeDigest(without(row, 'state', 'design', 'unblinded_at', 'readers_see_afterwards'))

type Changing = 'state' | 'error' | 'interrupted_at' | 'workstation'
type Results = 'best_epoch' | 'device' | 'versions' | 'figures'

/** What of a run never changes. @param step of the series that it is a run of */
export const runDigest = (
  row: Omit<Row<'training_run'>, Changing | Results | 'seconds'>,
  step: Row<'training_series_run'> | null,
): string =>
  wholeDigest(
    {
      ...{ id: row.id, study_id: row.study_id, label_set_id: row.label_set_id, recipe: row.recipe, folds: row.folds },
      ...{ started_by: row.started_by, started_at: row.started_at, based_on: row.based_on },
    },
    step ?? {},
  )

/** What came of it. */
export const runResultDigest = (row: Pick<Row<'training_run'>, Results | 'id'>): string =>
  wholeDigest({
    ...{ id: row.id, best_epoch: row.best_epoch, device: row.device },
    ...{ versions: row.versions, figures: row.figures },
  })

export const seriesDigest = (row: Row<'training_series'>): string =>
  wholeDigest(without(row, 'state', 'error', 'interrupted_at', 'workstation'))

/** The digests that earlier versions made of the same rows, of fewer columns. */
export const earlier = {
  account: (row: Row<'account'>) => digestOf(row.id, row.name, row.roles, row.created_at),
  study: (row: Row<'study'>) => [
    ...[0, 1].flatMap((see) => {
      const said = [row.id, row.title, row.scale, row.readers_per_scan, row.order_seed, see]
      return row.votes_encrypted === 0
        ? [digestOf(...said), digestOf(...said, 0)]
        : [digestOf(...said, row.votes_encrypted)]
    }),
    digestOf(row.id, row.title),
  ],
  scan: (row: Row<'scan'>) =>
    ['reading', 'unread'].map((purpose) => digestOf(row.id, row.study_id, row.content_sha256, purpose)),
  adjudication: (row: Row<'adjudication'>) =>
    // The list of causes came later: `other`, which every earlier row has, is left out.
    digestOf(row.id, row.scan_id, row.grade, row.reason, row.at, ...(row.cause === 'other' ? [] : [row.cause])),
  reference: (row: Row<'scan_reference'>) => digestOf(row.id, row.scan_id, row.grade, row.at),
  labelSetDigester: (set: Row<'label_set'>) => listDigester<Labels>([set.id, set.rule, set.digest], (label) => label),
  model: (row: Row<'model'>) => digestOf(row.id, row.run_id, row.sha256),
  modelRetired: (row: Row<'model_retired'>) => digestOf(row.model_id, row.reason, row.at),
  motion: (row: Row<'motion_estimate'>) => digestOf(row.scan_id, row.qme_ncc, row.qme_ssd, row.centre, row.format),
  reportNote: (row: Row<'report_note'>) => digestOf(row.id, row.study_id, row.item, row.text, row.at),
  reportSent: (row: Row<'report_sent'>, grade: number | null) =>
    digestOf(row.id, row.label_set_id, row.scan_id, row.pacs_id, row.kind, grade),
  pacs: (row: Row<'pacs'>) => digestOf(row.id, row.name, row.url, row.auth, row.ca, row.plain),
  keyOpened: (row: Row<'study_key_opened'>) => digestOf(row.study_key_id, row.at),
  run: (row: Row<'training_run'>) => digestOf(row.id, row.label_set_id, row.recipe, row.folds),
  series: (row: Row<'training_series'>) => digestOf(row.id, row.label_set_id, row.plan),
}
