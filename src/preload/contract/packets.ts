import { z } from 'zod'
import { id, path, time, title } from './common.ts'
import { done, nothing, route } from './route.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
/** A key as two people compare it: eight groups of four hexadecimal digits. */
const signer = z.string()

const packet = z.object({
  digest,
  act: z.enum(['made', 'merged']),
  at: time,
  /** When the file was made, by its maker's clock. */
  made: time.nullable(),
  /** Whose it is; of votes only where the reader may be named. */
  reader: z.string().nullable(),
  /** Who made or merged it. */
  by: z.string().nullable(),
  /** Votes that were new. */
  votes: z.int().nullable(),
  signer,
})
export type PacketRow = z.infer<typeof packet>

export const packetOverview = z.object({
  open: z.boolean(),
  /** The study came here with a packet itself. */
  away: z.boolean(),
  /** The model's grade is shown after the own first vote: that cannot be taken along. */
  paired: z.boolean(),
  /** Whether readers are named beside counts of votes. */
  named: z.boolean(),
  readers: z.array(z.object({ id, displayName: z.string(), ready: z.boolean() })),
  packets: z.array(packet),
})
export type PacketOverview = z.infer<typeof packetOverview>

export const packetMerged = z.object({
  digest,
  study: title,
  reader: z.string().nullable(),
  closed: z.boolean().nullable(),
  made: time,
  votes: z.int(),
  known: z.int(),
  late: z.int(),
  conflicts: z.array(z.object({ position: z.int(), counts: z.object({ from: z.enum(['packet', 'here']) }) })),
})
export type PacketMerged = z.infer<typeof packetMerged>

export const packetFound = z.object({
  study: title,
  reader: z.string(),
  made: time,
  pictures: z.int(),
  bytes: z.number(),
  digest,
  signer,
  /** `new`: the study is not here; `more`: it is, and this came later; `older`: a later one was opened; `known`: this very one was. */
  here: z.enum(['new', 'more', 'older', 'known']),
  /** Signed with the key of a packet that was opened before. */
  sameSigner: z.boolean(),
})
export type PacketFound = z.infer<typeof packetFound>

export const packetOpening = z.object({
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  share: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  result: z.object({ studyId: id, study: title, reader: z.string(), scans: z.int(), changed: z.boolean() }).nullable(),
})
export type PacketOpening = z.infer<typeof packetOpening>

const staff = ['lead', 'administrator'] as const
const started = z.object({ jobId: id })

/** Reading offline: a file with a reader's queue goes there, one with the votes comes back. */
export const packets = {
  /** Who reads, and what was made and merged. Error: `blinded` for whoever reads in the study before it is sealed. */
  overview: route(staff, z.strictObject({ studyId: id }), packetOverview),
  /** Asks for a file and makes a packet; null where none was chosen. Errors: `packet-paired`, `packet-reader-keyless` and more. */
  make: route(staff, z.strictObject({ studyId: id, readerId: id }), z.object({ jobId: id, path }).nullable()),
  /** The system's dialog; null where no file was chosen. */
  choose: route('anyone', z.strictObject({ kind: z.enum(['study', 'votes']) }), z.object({ path: path.nullable() })),
  /** What merging would add: nothing is changed. The job's result is fetched with `result`. */
  preview: route(staff, z.strictObject({ studyId: id, path }), started),
  /** @param digest of the preview: another file in its place is refused (`packet-changed`) */
  merge: route(staff, z.strictObject({ studyId: id, path, digest }), started),
  result: route(staff, z.strictObject({ jobId: id }), packetMerged),

  /** Whether packets may be opened by whoever is at the window, and the one that is being opened. */
  state: route('anyone', nothing, z.object({ may: z.boolean(), now: packetOpening.nullable() })),
  /** What a packet says it is. Errors: `packet-not-here`, `packet-foreign` and more. */
  inspect: route('anyone', z.strictObject({ path }), packetFound),
  open: route('anyone', z.strictObject({ path, digest }), done),
  stopOpening: route('anyone', nothing, done),

  /** For a reader: whether the study came with a packet, and which of the own votes were taken along. */
  own: route(
    ['reader'],
    z.strictObject({ studyId: id }),
    z.object({
      away: z.boolean(),
      last: z.object({ at: time, votes: z.int() }).nullable(),
      /** Votes, and votes taken back, since then. */
      since: z.int(),
    }),
  ),
  /** Writes the own votes into a file that is asked for; null where none was chosen. */
  take: route(['reader'], z.strictObject({ studyId: id }), z.object({ path, votes: z.int() }).nullable()),
}
