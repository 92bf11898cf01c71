import { z } from 'zod'
import { route } from './route.ts'
import { id, time } from './common.ts'
import { saved } from './program.ts'

/** Who can open the encrypted votes of a study before its reading is sealed. */
export const studyKeys = z.object({
  /** Chosen when the study was made. */
  encrypted: z.boolean(),
  /** The seal opened them for good: when, and who sealed. Null before, and where nothing is encrypted. */
  opened: z.object({ at: time, by: z.string() }).nullable(),
  /** Whether the caller can open them now. */
  mine: z.boolean(),
  /** Whose password opens them. `reads`: only where no lead of the study is without a queue in it. */
  keepers: z.array(z.object({ displayName: z.string(), reads: z.boolean() })),
  /** Who said that they have the printed key, and when. */
  recoveryKept: z.object({ at: time, by: z.string() }).nullable(),
})
export type StudyKeys = z.infer<typeof studyKeys>

const ofStudy = z.strictObject({ studyId: id })

export const keys = {
  state: route(['lead', 'administrator'], ofStudy, studyKeys),
  /** The recovery key to print. Recorded. Errors: `study-locked`, `study-not-locked`. */
  recovery: route(['lead'], ofStudy, z.object({ code: z.string(), title: z.string() })),
  /** The same as a text file where the person wants it. */
  saveRecovery: route(['lead'], z.strictObject({ studyId: id, language: z.enum(['en', 'de']).optional() }), saved),
  recoveryKept: route(['lead'], ofStudy, studyKeys),
  /** Errors: `recovery-mistyped`, `recovery-wrong`, `keys-locked`, `study-not-locked`. */
  unlock: route(['lead'], z.strictObject({ studyId: id, code: z.string().min(1).max(100) }), studyKeys),
}
