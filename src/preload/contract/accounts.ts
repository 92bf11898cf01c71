import { z } from 'zod'
import { done, nothing, role, route } from './route.ts'
import { id, time } from './common.ts'

/** Sign-in name: lower case, so that "Anna" and "anna" are one person. */
const name = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9._-]{2,40}$/, 'two to forty letters, digits, dots, dashes')
const displayName = z.string().trim().min(1).max(80)
const newPassword = z.string().min(10).max(200)

export const session = z.object({ accountId: id, name, displayName, roles: z.array(role).min(1) })
export type Session = z.infer<typeof session>

export const account = z.object({
  id,
  name,
  displayName,
  roles: z.array(role),
  state: z.enum(['active', 'closed']),
  createdAt: time,
})
export type Account = z.infer<typeof account>

export const accounts = {
  /** Whether an administrator must still be made, and who is signed in at this window. */
  state: route('anyone', nothing, z.object({ needsAdministrator: z.boolean(), session: session.nullable() })),
  /** Makes the first administrator and signs in. Refused once there is one (`administrator-exists`). */
  createAdministrator: route('anyone', z.strictObject({ name, displayName, password: newPassword }), session),
  /** Errors: `sign-in-refused` (one answer for unknown name, wrong password and closed account), `sign-in-locked`. */
  signIn: route('anyone', z.strictObject({ name, password: z.string().min(1).max(200) }), session),
  signOut: route('signed-in', nothing, done),
  list: route(['administrator', 'lead'], nothing, z.array(account)),
  /** Errors: `name-taken`. */
  create: route(
    ['administrator'],
    z.strictObject({ name, displayName, password: newPassword, roles: z.array(role).min(1) }),
    account,
  ),
  close: route(['administrator'], z.strictObject({ accountId: id }), account),
  changePassword: route('signed-in', z.strictObject({ current: z.string().max(200), next: newPassword }), done),
}
