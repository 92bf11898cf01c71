import type { Session } from '../../../preload/contract/accounts.ts'
import { ConcordError } from '../../domain/error.ts'
import { isDiskTrouble } from '../../domain/storage-error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Row } from '../../store/schema.ts'
import type { PasswordCost } from '../../store/sealed/password.ts'
import { recordAccount } from '../../store/witness/record.ts'
import type { Caller, ServiceBase } from '../context.ts'
import type { AccountKeys } from '../sealing/account-keys.ts'
import type { Keepers } from '../sealing/keepers.ts'
import { createAttempts } from './attempts.ts'
import { hashPassword, requireStrength, strengthOf } from './passwords.ts'
import { addAccount, createPeople } from './people.ts'
import { sessionOf } from './rows.ts'

export type Accounts = ReturnType<typeof createAccounts>

/** Who may come in: the sign-in and the own password. What administrators do with accounts: people.ts. */
export function createAccounts({
  db,
  announce,
  accountKeys,
  keepers,
  passwordCost,
}: Pick<ServiceBase, 'db' | 'announce'> & {
  accountKeys: AccountKeys
  keepers: Keepers
  passwordCost?: PasswordCost | undefined
}) {
  const attempts = createAttempts(db, passwordCost)

  const own = (caller: Caller): Promise<Row<'account'>> =>
    db.selectFrom('account').selectAll().where('id', '=', caller.accountId).executeTakeFirstOrThrow()

  /** A full disk must not keep anybody out: what was saved can still be looked at and taken along. */
  async function noteSignIn({ id }: Row<'account'>): Promise<void> {
    await db
      .transaction()
      .execute((t) => record(t, { accountId: id, act: 'session.opened', subject: id, rowDigest: digestOf(id) }))
      .catch((error: unknown) => {
        if (!isDiskTrouble(error)) throw error
      })
  }

  /**
   * Opens the person's keys for as long as they are there, and lets a lead's give on what others lack. Not with a password
   * that an administrator knows: the keys are made with the one that takes its place.
   */
  async function openKeys(account: Row<'account'>, password: string): Promise<void> {
    if (account.must_change === 1) return
    await accountKeys.unlock(account.id, password)
    await keepers.visit(sessionOf(account))
  }

  return {
    ...createPeople({ db, announce }, passwordCost),

    async needsAdministrator(): Promise<boolean> {
      return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined
    },

    async createAdministrator(person: { name: string; displayName: string; password: string }): Promise<Session> {
      const first = { ...person, roles: ['administrator' as const] }
      const account = await addAccount(db, passwordCost, null, first, { onlyIfFirst: true })
      await openKeys(account, person.password)
      return sessionOf(account)
    },

    /** One answer for an unknown name, a closed account and a wrong password, after the same work. */
    async signIn({ name, password }: { name: string; password: string }): Promise<Session> {
      const account = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst()
      if (account?.state !== 'active') return attempts.refuseStranger(name, password)
      await attempts.check(account, password)
      await noteSignIn(account)
      await openKeys(account, password)
      return sessionOf(account)
    },

    /** The person at a locked window says who they are; wrong tries count as at the sign-in. */
    async unlock(caller: Caller, password: string): Promise<void> {
      const account = await own(caller)
      await attempts.check(account, password)
      await openKeys(account, password)
    },

    strength: ({ password, names }: { password: string; names: string[] }) => strengthOf(password, names),

    async changePassword(caller: Caller, change: { current: string; next: string }): Promise<void> {
      const account = await own(caller)
      await attempts.check(account, change.current)
      if (change.next === change.current)
        throw new ConcordError('password-same', 'The new password is the old one. Choose another.', 'next')
      await requireStrength(change.next, [account.name, account.display_name], 'next')
      const password_hash = await hashPassword(change.next, passwordCost)
      const keys = await accountKeys.relock(account.id, change.current, change.next)
      await db.transaction().execute(async (t) => {
        await t.updateTable('account').set({ password_hash, must_change: 0 }).where('id', '=', account.id).execute()
        await recordAccount(t, { accountId: account.id, act: 'account.password-changed' }, account.id)
        await keys.write(t)
      })
      keys.done()
      await keepers.visit({ ...caller, accountId: account.id })
    },
  }
}
