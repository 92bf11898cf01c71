import { ConcordError } from '../../domain/error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import type { PasswordCost } from '../../store/sealed/password.ts'
import { hashPassword, isPassword } from './passwords.ts'

/** From the fifth wrong password on, each doubles the wait, from one second to at most fifteen minutes. */
const freeAttempts = 4
const longestWaitSeconds = 900

/** Tries at passwords: each is checked after the same work, and wrong ones hold the next up. */
export function createAttempts(db: Database, passwordCost: PasswordCost | undefined) {
  let decoy: Promise<string> | undefined
  /** Wrong tries at names that nobody has, the latest thousand. */
  const strangers = new Map<string, { failed: number; until: string | null }>()

  /** A name that nobody has is held up like one that somebody has, or the wait would tell which names there are. */
  function strangerTried(name: string): ConcordError {
    const known = strangers.get(name) ?? { failed: 0, until: null }
    const wait = secondsUntil(known.until)
    if (wait > 0) return locked(wait)
    const failed = known.failed + 1
    const next = waitAfter(failed)
    strangers.delete(name)
    strangers.set(name, { failed, until: next ? new Date(Date.now() + next * 1000).toISOString() : null })
    if (strangers.size > 1000) strangers.delete(strangers.keys().next().value!)
    return refused(next)
  }

  return {
    /** Errors: `sign-in-refused`, `sign-in-locked`. */
    async check(account: Row<'account'>, password: string): Promise<void> {
      const wait = secondsUntil(account.locked_until)
      if (wait > 0) throw locked(wait)
      if (await isPassword(account.password_hash, password)) {
        if (account.failed_attempts > 0)
          await db
            .updateTable('account')
            .set({ failed_attempts: 0, locked_until: null })
            .where('id', '=', account.id)
            .execute()
        return
      }
      const failed = account.failed_attempts + 1
      const next = waitAfter(failed)
      await db.transaction().execute(async (t) => {
        await t
          .updateTable('account')
          .set({
            failed_attempts: failed,
            locked_until: next ? new Date(Date.now() + next * 1000).toISOString() : null,
          })
          .where('id', '=', account.id)
          .execute()
        if (next > 0)
          await record(t, {
            accountId: null,
            act: 'session.refused',
            subject: account.id,
            rowDigest: digestOf(account.id, failed),
          })
      })
      throw refused(next)
    },

    /** An unknown name or a closed account: the same work and the same answer as for a wrong password. */
    async refuseStranger(name: string, password: string): Promise<never> {
      await isPassword(await (decoy ??= hashPassword('no such account', passwordCost)), password)
      throw strangerTried(name)
    },
  }
}
export type Attempts = ReturnType<typeof createAttempts>

export const secondsUntil = (until: string | null): number =>
  until === null ? 0 : Math.ceil((Date.parse(until) - Date.now()) / 1000)

const waitAfter = (failed: number): number =>
  failed > freeAttempts ? Math.min(2 ** (failed - freeAttempts - 1), longestWaitSeconds) : 0

/** @param wait seconds that this wrong try holds the next one up for */
const refused = (wait: number): ConcordError =>
  new ConcordError('sign-in-refused', 'The name or the password is not right.', 'password', wait || undefined)

function locked(seconds: number): ConcordError {
  const time = seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return new ConcordError(
    'sign-in-locked',
    `Too many wrong passwords. Wait a little (${time}) and try again, or ask an administrator.`,
    undefined,
    seconds,
  )
}
