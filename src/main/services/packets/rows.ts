import { z } from 'zod'
import type { Row } from '../../store/schema.ts'

// What stands in a packet's rows, column by column: nothing else is ever put into a table.

const text = z.string().max(20_000)
const whole = z.int()
/** UUIDv7, as all identifiers are (store/identity.ts). */
const id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const account = z.strictObject({
  ...{ id, name: text, display_name: text, password_hash: text, created_at: time },
})
const accountKey = z.strictObject({ id, account_id: id, public_key: text, signing_key: text, made_at: time })
const accountLock = z.strictObject({ key_id: id, derivation: text, salt: text, box: text })
const study = z.strictObject({
  ...{ id, title: text, template: text, scale: text, readers_per_scan: whole, design: text, created_at: time },
  ...{ readers_see_afterwards: whole, votes_encrypted: whole },
})
const studyKey = z.strictObject({ id, study_id: id, generation: whole, public_key: text, made_at: time })
/** The private half of a pair whose reading was sealed: it lies open at home from then on. */
const studyKeyOpened = z.strictObject({ study_key_id: id, private_key: text, at: time })
const patient = z.strictObject({ id, pseudonym: text })
const scan = z.strictObject({
  ...{ id, patient_id: id, pseudonym: text, site: z.enum(['tibia', 'radius', 'calcaneus', 'other']) },
  ...{ side: z.enum(['left', 'right', 'unknown']), purpose: z.enum(['reading', 'unread']), format: text, dims: text },
  ...{ spacing: text.nullable(), unit: text, warnings: text, imported_at: time },
  content_sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
const scanDay = z.strictObject({ scan_id: id, day: text })
const assignment = z.strictObject({
  ...{ id, scan_id: id, round: whole, kind: z.enum(['primary', 'repeat', 'calibration', 'hidden']), position: whole },
  ...{ place: whole.nullable(), code: text.nullable() },
})
const knownCase = z.strictObject({
  ...{ id, scan_id: id, use: z.enum(['exemplar', 'calibration']), grade: whole, why: text.nullable() },
  ...{ motion_mm: z.number().nullable(), origin: z.enum(['phantom', 'settled', 'named']), added_at: time },
})
const region = z.strictObject({
  ...{ id, scan_id: id, assignment_id: id.nullable(), revision: whole, x: z.number(), y: z.number() },
  ...{ edge_mm: z.number(), rotation: z.number(), spacing: z.number(), spacing_from: z.enum(['file', 'assumed']) },
  ...{ inverted: whole, placed_at: time },
})
const vote = z.strictObject({
  ...{ id, assignment_id: id, revision: whole, cast_revision: whole.nullable(), kind: z.enum(['cast', 'withdrawn']) },
  ...{ grade: whole.nullable(), reason: text.nullable(), note: text.nullable(), worst_slice: whole.nullable() },
  ...{ shown_at: text.nullable(), cast_at: time, salt: text, confidence: whole.nullable() },
  ...{ stack_grades: text.nullable(), looked_ms: whole.nullable() },
  ...{ reader_key_id: id.nullable(), sealed: text.nullable() },
})
const readerKey = z.strictObject({ id, study_key_id: id, account_id: id, box: text, at: time })
const readerShare = z.strictObject({ reader_key_id: id, account_key_id: id, box: text, at: time })

/** A reader's own votes in a study, every revision, as they are kept. */
export const votesShape = z.strictObject({
  votes: z.array(vote),
  readerKeys: z.array(readerKey),
  readerShares: z.array(readerShare),
  /** Own regions of interest on places of the queue. */
  regions: z.array(region),
})
export type VoteRows = z.infer<typeof votesShape>
export type PacketVote = VoteRows['votes'][number]

/** A study as far as one reader needs it. */
export const studyShape = z.strictObject({
  study,
  account,
  accountKeys: z.array(accountKey).min(1),
  accountLocks: z.array(accountLock).min(1),
  studyKeys: z.array(studyKey),
  studyKeysOpened: z.array(studyKeyOpened).default([]),
  patients: z.array(patient),
  scans: z.array(scan),
  scanDays: z.array(scanDay),
  assignments: z.array(assignment),
  knownCases: z.array(knownCase),
  /** The study's own regions of interest. */
  regions: z.array(region),
  /** The first round that can be read: what is left over from before a seal is not read any more. */
  firstRound: whole.default(0),
  own: votesShape,
})
export type StudyRows = z.infer<typeof studyShape>

/** Exactly the columns that a shape names, of a whole row. */
export const only = <S extends z.ZodObject>(shape: S, row: object): z.infer<S> =>
  Object.fromEntries(Object.keys(shape.shape).map((key) => [key, (row as Record<string, unknown>)[key]])) as z.infer<S>

export const shapes = {
  ...{
    account,
    accountKey,
    accountLock,
    study,
    studyKey,
    studyKeyOpened,
    patient,
    scan,
    scanDay,
    assignment,
    knownCase,
    region,
  },
  ...{ vote, readerKey, readerShare },
}

/** The row of the database: what is not taken along is as where it is cast anew. */
export const voteRow = (vote: PacketVote): Row<'vote'> => ({ ...vote, request: null })
