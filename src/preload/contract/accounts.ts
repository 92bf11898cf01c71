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

export const session = z.object({
  accountId: id,
  name,
  displayName,
  roles: z.array(role).min(1),
  /** An administrator has set the password: nothing else is answered until an own one is chosen (`password-must-change`). */
  mustChangePassword: z.literal(true).optional(),
})
export type Session = z.infer<typeof session>

export const account = z.object({
  id,
  name,
  displayName,
  roles: z.array(role),
  state: z.enum(['active', 'closed']),
  createdAt: time,
  /** An own password must be chosen at the next sign-in. */
  mustChangePassword: z.boolean(),
  /** Until when wrong passwords hold it up; null: not now, or not told to whoever asks. */
  lockedUntil: time.nullable(),
})
export type Account = z.infer<typeof account>

/** 0 to 4 as zxcvbn scores it, whether it is taken, and what makes it easy to guess. */
export const strength = z.object({
  score: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  enough: z.boolean(),
  why: z.enum(['keys', 'repeats', 'sequence', 'date', 'common', 'word', 'name', 'own', 'short']).nullable(),
})
export type Strength = z.infer<typeof strength>

export const accounts = {
  /** Whether an administrator must still be made, and who is signed in at this window. */
  state: route(
    'anyone',
    nothing,
    z.object({ needsAdministrator: z.boolean(), session: session.nullable(), locked: z.boolean() }),
  ),
  /** How hard a password is to guess; `names`: of the person, which a guesser tries first. Nothing of it is kept. */
  strength: route(
    'anyone',
    z.strictObject({ password: z.string().max(200), names: z.array(z.string().max(80)).max(4) }),
    strength,
  ),
  /** Makes the first administrator and signs in. Refused once there is one (`administrator-exists`). */
  createAdministrator: route('anyone', z.strictObject({ name, displayName, password: newPassword }), session),
  /** Errors: `sign-in-refused` (one answer for unknown name, wrong password and closed account), `sign-in-locked`. */
  signIn: route('anyone', z.strictObject({ name, password: z.string().min(1).max(200) }), session),
  signOut: route('signed-in', nothing, done, ['locked', 'password-must-change']),
  /** Hides everything until `unlock`: every other route is refused meanwhile (`locked`), the scans' stream too. */
  lock: route('signed-in', nothing, done, ['password-must-change']),
  /** By the same person's password. Errors: `sign-in-refused`, `sign-in-locked`. */
  unlock: route('signed-in', z.strictObject({ password: z.string().min(1).max(200) }), done, [
    'locked',
    'password-must-change',
  ]),
  list: route(['administrator', 'lead'], nothing, z.array(account)),
  /**
   * Without a password one is made for the first sign-in, told once, and an own one must be chosen then. Errors: `name-taken`,
   * `password-weak`.
   */
  create: route(
    ['administrator'],
    z.strictObject({ name, displayName, password: newPassword.nullable(), roles: z.array(role).min(1) }),
    account.extend({ password: z.string().nullable() }),
  ),
  /** Name and roles; whoever is signed in with it must sign in again. Errors: `account-own`, `account-unknown`. */
  change: route(
    ['administrator'],
    z.strictObject({ accountId: id, displayName, roles: z.array(role).min(1) }),
    account,
  ),
  /** Errors: `account-own`, `account-last`, `account-unknown`. */
  close: route(['administrator'], z.strictObject({ accountId: id }), account),
  /** A closed account again, with the password that it had. Error: `account-unknown`. */
  openAgain: route(['administrator'], z.strictObject({ accountId: id }), account),
  /** Errors: `sign-in-refused`, `password-weak`, `password-same`. */
  changePassword: route('signed-in', z.strictObject({ current: z.string().max(200), next: newPassword }), done, [
    'password-must-change',
  ]),
  /** A password for one sign-in, to be told in person; known once. Recorded. Errors: `account-own`, `account-unknown`. */
  resetPassword: route(['administrator'], z.strictObject({ accountId: id }), z.object({ password: z.string() })),
}
