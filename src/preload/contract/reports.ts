import { z } from 'zod'
import { id } from './common.ts'
import { route } from './route.ts'

const text = z.string().trim().max(4000)

/** What only the authors know, each for an item of the GRRAS checklist; an empty text takes the earlier back. */
export const reportNotes = z.strictObject({
  device: text.optional(),
  population: text.optional(),
  raters: text.optional(),
  known: text.optional(),
  sampleSize: text.optional(),
  sampling: text.optional(),
  process: text.optional(),
  characteristics: text.optional(),
  relevance: text.optional(),
})
export type ReportNotes = z.infer<typeof reportNotes>

export const reports = {
  notes: route(['lead'], z.strictObject({ studyId: id }), reportNotes),
  saveNotes: route(['lead'], z.strictObject({ studyId: id, notes: reportNotes }), reportNotes),
}
