import { z } from 'zod'
import { nothing, route } from './route.ts'
import { id, path } from './common.ts'

export const saved = z.object({
  path: path.nullable(),
  rows: z.int().nullable(),
  /** The end of the audit chain when it left, "1234:9f86d0…": `study verify --head` holds the chain against it. */
  audit: z.string().nullable(),
})

/** Files that leave the program: the system's save dialog names the place; `path` null means the person cancelled. */
export const exports = {
  /** Readers by letter; with their names (`named`) from an unblinded study only (`study-not-unblinded`), and recorded so. */
  votes: route(['lead'], z.strictObject({ studyId: id, named: z.boolean().optional() }), saved),
  /** A folder that R and Python read as it is: tables, README, scripts that compute the figures anew. */
  folder: route(['lead'], z.strictObject({ studyId: id, named: z.boolean() }), saved),
  agreement: route(['lead'], z.strictObject({ studyId: id }), saved),
  labels: route(['lead', 'trainer'], z.strictObject({ labelSetId: id }), saved),
  predictions: route(['lead', 'trainer'], z.strictObject({ modelId: id }), saved),
  report: route(['lead'], z.strictObject({ studyId: id, language: z.enum(['en', 'de']).optional() }), saved),
}

const partText = z.string().regex(/^[0-9a-f]{24}$/)
export const part = z.object({
  of: z.enum(['concord', 'electron', 'tensorflow']),
  name: z.string(),
  version: z.string().nullable(),
  licence: z.string().nullable(),
  text: partText,
})
export type Part = z.infer<typeof part>

export const program = {
  /** What runs here; the folder of the data only for administrators and leads. */
  about: route(
    'signed-in',
    nothing,
    z.object({
      version: z.string(),
      electron: z.string(),
      chrome: z.string(),
      node: z.string(),
      platform: z.string(),
      dataFolder: z.string().nullable(),
    }),
  ),
  /** What the program is made of, with the licence of each part: our packages, what Electron and TensorFlow are made of. */
  parts: route('signed-in', nothing, z.object({ parts: z.array(part) })),
  /** The words of a licence, by the name that `parts` gives. Error: `text-unknown`. */
  partText: route('signed-in', z.strictObject({ text: partText }), z.object({ text: z.string() })),
  /** What networks are computed on. Starts the learner for a moment. */
  device: route(
    ['administrator', 'lead', 'trainer'],
    nothing,
    z.object({ kind: z.enum(['cpu', 'gpu']), name: z.string() }),
  ),
  /** Gives the page the whole screen, or takes it back; `on` says how it is then: not every system can. */
  fullScreen: route(['lead'], z.strictObject({ on: z.boolean() }), z.object({ on: z.boolean() })),
  /**
   * The second window, with nothing but the scan, on another monitor where there is one. `look` only answers; `toggle`
   * opens it or closes it, and the answer says which; `to-first` gives the keyboard to the first window. It has the session and the
   * lock of the first.
   */
  secondWindow: route(
    ['reader'],
    z.strictObject({ act: z.enum(['toggle', 'open', 'close', 'look', 'to-first']) }),
    z.object({ open: z.boolean(), monitors: z.int() }),
  ),
  /** What somebody who helps needs to know, as text: no names, no paths, no votes. */
  diagnostics: route(['administrator', 'lead', 'trainer'], nothing, z.object({ text: z.string() })),
  /** Event-loop delay of the main process since the last reset, in milliseconds. */
  loopDelay: route(
    ['trainer', 'administrator'],
    z.strictObject({ reset: z.boolean() }),
    z.object({ p99: z.number(), max: z.number(), mean: z.number() }),
  ),
}
