import { z } from 'zod'
import { nothing, route } from './route.ts'
import { path } from './common.ts'

const version = z.string().min(1).max(40)

export const updateState = z.object({
  /** The place the department named; null: updates are off, as delivered. */
  from: z.string().nullable(),
  /** Whether this build carries the publisher's key; without it nothing can be checked. */
  keyed: z.boolean(),
  version,
})
export type UpdateState = z.infer<typeof updateState>

export const updateFound = z.object({
  version,
  released: z.iso.datetime(),
  notes: z.string(),
  name: z.string(),
  bytes: z.int(),
})
export type UpdateFound = z.infer<typeof updateFound>

/** Only an administrator looks for updates, and only when asked to does the program. */
export const updates = {
  state: route(['administrator'], nothing, updateState),
  /** null: nothing newer. Errors: `updates-off`, `update-no-key`, `update-unreachable`, `update-unsigned`, `update-older`, … */
  check: route(['administrator'], nothing, updateFound.nullable()),
  /**
   * Fetches the version that was shown, checks it, and opens it with the system's installer. `opened`: whether the system had one;
   * the file lies at `path`. Errors: as `check`, `update-altered`, `update-gone`.
   */
  install: route(['administrator'], z.strictObject({ version }), z.object({ path, opened: z.boolean() })),
}
