import { z } from 'zod'
import { route } from './route.ts'
import { id, time } from './common.ts'
import { saved } from './program.ts'

/** One act. Who cast a vote, and which, is withheld (`secret`) until the readers of the study are named. */
export const auditEntry = z.object({
  sequence: z.int(),
  at: time,
  act: z.string(),
  subject: z.string().nullable(),
  /** The subject in a name that people know, where it has one: a scan's pseudonym, a person, a study. */
  about: z.string().nullable(),
  secret: z.boolean(),
  accountId: id.nullable(),
  name: z.string().nullable(),
  rowDigest: z.string(),
  previous: z.string(),
  digest: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntry>

export const head = z.object({ sequence: z.int(), digest: z.string() })

export const auditPage = z.object({ head, entries: z.array(auditEntry), more: z.boolean() })
export type AuditPage = z.infer<typeof auditPage>

export const chainCheck = z.object({
  entries: z.int(),
  votes: z.int(),
  head,
  /** Heads kept outside of the database that the chain was held against. */
  anchors: z.int(),
  /**
   * The first thing that does not hold: at which entry, what it is about by its identifier and, where it has one, in a name that
   * people know, and what that entry says was done, and when.
   */
  broken: z
    .object({
      sequence: z.int().nullable(),
      subject: z.string(),
      why: z.string(),
      about: z.string().nullable(),
      act: z.string().nullable(),
      at: time.nullable(),
    })
    .nullable(),
})
export type ChainCheck = z.infer<typeof chainCheck>

/** What was done, by whom, when: hash-chained. Closed to whoever reads in a study that is not sealed (`blinded`). */
export const audit = {
  /**
   * A hundred entries, newest first. `area`: the first part of an act, as "vote"; `act`: the whole of it, as "vote.cast"; `by`:
   * acts of that person, without those that are withheld; `from`, `until`: moments, the second one left out.
   */
  list: route(
    ['administrator', 'lead'],
    z.strictObject({
      before: z.int().min(1).optional(),
      area: z
        .string()
        .regex(/^[a-z-]{1,30}$/)
        .optional(),
      act: z
        .string()
        .regex(/^[a-z-]{1,30}\.[a-z-]{1,40}$/)
        .optional(),
      by: id.optional(),
      from: time.optional(),
      until: time.optional(),
    }),
    auditPage,
  ),
  /** Recomputes everything. `head`: as printed in a report or beside an export. Error: `head-invalid`. */
  verify: route(['administrator', 'lead'], z.strictObject({ head: z.string().max(100).optional() }), chainCheck),
  export: route(['administrator', 'lead'], z.strictObject({ format: z.enum(['csv', 'json']) }), saved),
}
