import { ConcordError } from '../../domain/error.ts'
import { isDiskTrouble } from '../../domain/storage-error.ts'
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
  /** Wrong tries that no row counts, the latest thousand: at names that nobody has, and while the disk takes nothing. */
  const uncounted = new Map<string, { failed: number; until: string | null }>()

  const waitOf = (key: string): number => secondsUntil(uncounted.get(key)?.until ?? null)

  /** A name that nobody has is held up like one that somebody has, or the wait would tell which names there are. */
  function tried(key: string): ConcordError {
    const known = uncounted.get(key) ?? { failed: 0, until: null }
    const wait = waitOf(key)
    if (wait > 0) return locked(wait)
    const failed = known.failed + 1
    const next = waitAfter(failed)
    uncounted.delete(key)
    uncounted.set(key, { failed, until: next ? new Date(Date.now() + next * 1000).toISOString() : null })
    if (uncounted.size > 1000) uncounted.delete(uncounted.keys().next().value!)
    return refused(next)
  }

  /** A disk that takes nothing keeps nobody out who has the password. */
  const forget = ({ id }: Row<'account'>): Promise<unknown> =>
    db
      .updateTable('account')
      .set({ failed_attempts: 0, locked_until: null })
      .where('id', '=', id)
      .execute()
      .catch((error: unknown) => {
        if (!isDiskTrouble(error)) throw error
      })

  return {
    /** Errors: `sign-in-refused`, `sign-in-locked`. */
    async check(account: Row<'account'>, password: string): Promise<void> {
      const wait = Math.max(secondsUntil(account.locked_until), waitOf(account.id))
      if (wait > 0) throw locked(wait)
      if (await isPassword(account.password_hash, password)) {
        uncounted.delete(account.id)
        if (account.failed_attempts > 0) await forget(account)
        return
      }
      const failed = account.failed_attempts + 1
      const next = waitAfter(failed)
      const noting = db.transaction().execute(async (t) => {
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
      await noting.catch((error: unknown) => {
        throw isDiskTrouble(error) ? tried(account.id) : error
      })
      throw refused(next)
    },

    /** An unknown name or a closed account: the same work and the same answer as for a wrong password. */
    async refuseStranger(name: string, password: string): Promise<never> {
      await isPassword(await (decoy ??= hashPassword('no such account', passwordCost)), password)
      throw tried(name)
    },
  }
}

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
