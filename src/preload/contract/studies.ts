import { z } from 'zod'
import { nothing, route } from './route.ts'
import { id, scale, time, title } from './common.ts'
import { regionAsk } from './regions.ts'

export const studyState = z.enum(['draft', 'open', 'sealed', 'adjudicating', 'closed'])

export const template = z.object({
  key: z.string(),
  title,
  summary: z.string(),
  scale,
  readersPerScan: z.int(),
})
export type Template = z.infer<typeof template>

export const study = z.object({
  id,
  title,
  template: z.string(),
  state: studyState,
  scale,
  readersPerScan: z.int().min(1).max(9),
  /** Readers of this study, in no meaningful order. Readers themselves receive an empty list. */
  readers: z.array(z.object({ id, displayName: z.string() })),
  /** Scans for readers, and scans kept for the network. Readers receive null. */
  scans: z.object({ reading: z.int(), unread: z.int() }).nullable(),
  /** Whether regions of interest are asked for on radiographs, and whose. */
  region: regionAsk,
  /** After unblinding each reader may see how they differ from the consensus. */
  readersSeeAfterwards: z.boolean(),
  /** Leads have learned who is A, B, C. */
  unblinded: z.boolean(),
  /** Votes are encrypted in the database until the reading is sealed. */
  encrypted: z.boolean(),
  createdAt: time,
})
export type Study = z.infer<typeof study>

export const studies = {
  templates: route(['administrator', 'lead'], nothing, z.array(template)),
  /** Creates a draft. Without `scale` the template's own is taken. */
  create: route(
    ['lead', 'administrator'],
    z.strictObject({
      title,
      template: z.string(),
      readersPerScan: z.int().min(1).max(9),
      readersSeeAfterwards: z.boolean().optional(),
      scale: scale.optional(),
      /** False: votes stay readable in the database file; not to be changed later. */
      encrypted: z.boolean().optional(),
    }),
    study,
  ),
  /** A sealed study of simulated votes without pictures, of the size and figures of the thesis of 2023. Error: `title-taken`. */
  makeDemonstration: route(['lead', 'administrator'], z.strictObject({ title }), study),
  /** Lets readers see afterwards how they differ, or not; each change is recorded. */
  setReadersSeeAfterwards: route(['lead'], z.strictObject({ studyId: id, allowed: z.boolean() }), study),
  /** The studies this person has a part in: readers those they read, the others all. */
  list: route('signed-in', nothing, z.array(study)),
  get: route('signed-in', z.strictObject({ studyId: id }), study),
  /** Names the readers, and says anew how many of them read each scan; draft only (`study-not-draft`). */
  setReaders: route(
    ['lead', 'administrator'],
    z.strictObject({
      studyId: id,
      readerIds: z.array(id).min(1).max(30),
      readersPerScan: z.int().min(1).max(9).optional(),
    }),
    study,
  ),
  /** Opens the study for reading: queues exist from now on, the scale is frozen. Errors: `study-without-scans`, `study-without-readers`. */
  open: route(['lead', 'administrator'], z.strictObject({ studyId: id }), study),
}
