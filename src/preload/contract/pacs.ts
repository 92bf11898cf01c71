import { z } from 'zod'
import { done, nothing, route } from './route.ts'
import { id, keychainState, time } from './common.ts'

const uid = z
  .string()
  .max(64)
  .regex(/^[0-9]+(\.[0-9]+)*$/)
const day = z.iso.date()
const text = z.string().max(200)

export const auth = z.enum(['none', 'basic', 'token'])
/** Shown to a PACS; comes in, never goes out again. */
const credential = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('basic'), user: z.string().min(1).max(200), password: z.string().max(1000) }),
  z.strictObject({
    kind: z.literal('token'),
    token: z
      .string()
      .min(1)
      .max(20_000)
      .regex(/^[\x21-\x7e]+$/),
  }),
])

export const pacs = z.object({
  id,
  name: z.string(),
  url: z.string(),
  auth,
  /** The house's own authority in words: whom it is for and until when. */
  ca: z.object({ subject: z.string(), until: time }).nullable(),
  plain: z.boolean(),
  /** Where the caller's credential comes from; `locked`: it is kept, and the system asks before it opens its keychain. */
  credential: z.enum(['not-needed', 'kept', 'given', 'missing', 'locked']),
})
export type Pacs = z.infer<typeof pacs>

/** Rows of a search name patients: shown to the lead who searches, in no log and no table. */
export const pacsStudy = z.object({
  uid,
  patientId: z.string(),
  patientName: z.string(),
  birthDate: day.nullable(),
  date: day.nullable(),
  modalities: z.array(z.string()),
  description: z.string(),
  series: z.int().nullable(),
  instances: z.int().nullable(),
})
export type PacsStudy = z.infer<typeof pacsStudy>

export const pacsSeries = z.object({
  uid,
  studyUid: uid,
  modality: z.string(),
  number: z.int().nullable(),
  description: z.string(),
  bodyPart: z.string(),
  instances: z.int().nullable(),
  /** The pseudonym under which it is in the study already. */
  imported: z.string().nullable(),
})
export type PacsSeries = z.infer<typeof pacsSeries>

export const criteria = z.strictObject({
  patientId: text.default(''),
  patientName: text.default(''),
  from: day.nullable().default(null),
  to: day.nullable().default(null),
  modality: z.string().max(16).default(''),
  bodyPart: z.string().max(64).default(''),
  description: text.default(''),
})
export type Criteria = z.infer<typeof criteria>

export const reportKind = z.enum(['grade', 'rescan'])
export type ReportKind = z.infer<typeof reportKind>

/** What would be sent, or why not, of one labelled scan. */
export const planned = z.object({
  pseudonym: z.string(),
  grade: z.int(),
  rescan: z.boolean().nullable(),
  /** Of the kinds that were asked for: those still to be sent. */
  kinds: z.array(reportKind),
  sent: z.array(reportKind),
  /** False where its files named no examination, so that no archive can be asked for it. */
  traceable: z.boolean(),
})
export type Planned = z.infer<typeof planned>

export const outcome = z.object({
  pseudonym: z.string(),
  sent: z.array(reportKind),
  code: z.string().nullable(),
  reason: z.string().nullable(),
})
export type SendOutcome = z.infer<typeof outcome>

const lead = ['lead'] as const
const both = ['administrator', 'lead'] as const
const sending = z.strictObject({ pacsId: id, labelSetId: id, kinds: z.array(reportKind).min(1).max(2) })

export const pacsRoutes = {
  /** `keychain`: whether a credential can be kept at this workstation. */
  list: route(both, nothing, z.object({ keychain: keychainState, pacs: z.array(pacs) })),
  /** Makes one, or changes it. `ca`: a PEM text; null takes it out; left out, it stays. */
  save: route(
    ['administrator'],
    z.strictObject({
      id: id.nullable(),
      name: z.string().trim().min(1).max(80),
      url: z.string().trim().min(1).max(1000),
      auth,
      ca: z.string().max(200_000).nullable().optional(),
      plain: z.boolean(),
      credential: credential.nullable(),
    }),
    pacs,
  ),
  remove: route(['administrator'], z.strictObject({ pacsId: id }), done),
  /** Opens the system's file dialog and gives the certificates of the file as text; null when the person cancels. */
  chooseCertificate: route(['administrator'], nothing, z.object({ ca: z.string(), subject: z.string() }).nullable()),
  /** The own credential, until the program ends. */
  giveCredential: route(both, z.strictObject({ pacsId: id, credential }), done),
  /** Ends what the caller waits for at this archive (`test`, `search`, `series`): its connections are closed. Those fail with `cancelled`. */
  stop: route(both, z.strictObject({ pacsId: id }), done),
  /** Asks it for one study. */
  test: route(both, z.strictObject({ pacsId: id }), z.object({ studies: z.boolean() })),
  search: route(
    lead,
    z.strictObject({ pacsId: id, criteria, offset: z.int().min(0).max(1_000_000) }),
    /** `next`: where to go on; null at the end. */
    z.object({ studies: z.array(pacsStudy), next: z.int().nullable() }),
  ),
  series: route(
    lead,
    z.strictObject({ pacsId: id, studyId: id, studyUid: uid, bodyPart: z.string().max(64).default('') }),
    z.array(pacsSeries),
  ),
  /** Fetches series into a preview (`scans.previewResult`, `scans.import`); with `previewId` an earlier call goes on. */
  retrieve: route(
    lead,
    z.strictObject({
      pacsId: id,
      studyId: id,
      series: z
        .array(z.strictObject({ studyUid: uid, uid, instances: z.int().nullable(), label: z.string().max(200) }))
        .min(1)
        .max(5000),
      previewId: id.nullable().default(null),
    }),
    z.object({ previewId: id, jobId: id }),
  ),
  discard: route(lead, z.strictObject({ previewId: id }), done),
  /** What sending the reports of a label set would do; the first thousand scans, and how many there are. */
  plan: route(
    lead,
    sending,
    z.object({
      scans: z.int(),
      reports: z.int(),
      sentBefore: z.int(),
      untraceable: z.int(),
      rows: z.array(planned),
    }),
  ),
  send: route(lead, sending, z.object({ jobId: id })),
  /** What became of each scan so far; the first thousand, those that failed first. */
  sent: route(
    lead,
    z.strictObject({ jobId: id }),
    z.object({ sent: z.int(), failed: z.int(), rows: z.array(outcome) }),
  ),
}
