import type { Account } from '../../../preload/contract/accounts.ts'
import type { Role } from '../../../preload/contract/route.ts'
import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import type { PasswordCost } from '../../store/sealed/password.ts'
import { accountDigest } from '../../store/witness/digests.ts'
import { recordAccount } from '../../store/witness/record.ts'
import type { Caller, ServiceBase } from '../context.ts'
import { hashPassword, requireStrength, temporaryPassword } from './passwords.ts'
import { accountOf } from './rows.ts'

export interface Person {
  name: string
  displayName: string
  password: string
  roles: Role[]
}

/**
 * Adds an account and records it; without `by` it records itself. `onlyIfFirst`: where there is none yet; `forOnce`: the password must be
 * changed at the first sign-in. Errors: `administrator-exists`, `name-taken`, those of `requireStrength`.
 */
export async function addAccount(
  db: Database,
  passwordCost: PasswordCost | undefined,
  by: string | null,
  person: Person,
  { onlyIfFirst = false, forOnce = false },
): Promise<Row<'account'>> {
  await requireStrength(person.password, [person.name, person.displayName], 'password')
  const row: Row<'account'> = {
    id: newId(),
    name: person.name,
    display_name: person.displayName,
    roles: JSON.stringify(person.roles),
    password_hash: await hashPassword(person.password, passwordCost),
    state: 'active',
    failed_attempts: 0,
    locked_until: null,
    must_change: forOnce ? 1 : 0,
    created_at: now(),
  }
  await db.transaction().execute(async (t) => {
    const same = await t
      .selectFrom('account')
      .select('id')
      .$if(!onlyIfFirst, (q) => q.where('name', '=', person.name))
      .executeTakeFirst()
    if (same && onlyIfFirst)
      throw new ConcordError('administrator-exists', 'There is an administrator already. Sign in instead.')
    if (same) throw new ConcordError('name-taken', `The name ${person.name} is taken. Choose another.`, 'name')
    await t.insertInto('account').values(row).execute()
    await record(t, { accountId: by ?? row.id, act: 'account.created', subject: row.id, rowDigest: accountDigest(row) })
  })
  return row
}

/** What administrators do with accounts. */
export function createPeople(
  { db, announce }: Pick<ServiceBase, 'db' | 'announce'>,
  passwordCost: PasswordCost | undefined,
) {
  /** Changes an account and records it. Two administrators who close each other at once must not leave none. */
  async function update(
    caller: Caller,
    accountId: string,
    act: string,
    set: Partial<Row<'account'>>,
  ): Promise<Account> {
    return db.transaction().execute(async (t) => {
      const row = await t.updateTable('account').set(set).where('id', '=', accountId).returningAll().executeTakeFirst()
      if (!row) throw new ConcordError('account-unknown', 'There is no such account.')
      const left = await t.selectFrom('account').select('roles').where('state', '=', 'active').execute()
      if (!left.some(({ roles }) => (JSON.parse(roles) as Role[]).includes('administrator')))
        throw new ConcordError('account-last', 'One administrator must remain. Nothing was changed.')
      await recordAccount(t, { accountId: caller.accountId, act }, accountId)
      return accountOf(row)
    })
  }

  return {
    async list(caller?: Caller): Promise<Account[]> {
      const rows = await db.selectFrom('account').selectAll().orderBy('display_name').execute()
      // When somebody was at the window is for administrators alone.
      const told = caller?.roles.includes('administrator') === true
      return rows.map((row) => (told ? accountOf(row) : { ...accountOf(row), lockedUntil: null }))
    },

    /** @param person without a password one is made for the first sign-in, and told this once */
    async create(
      caller: Caller,
      person: Omit<Person, 'password'> & { password: string | null },
    ): Promise<Account & { password: string | null }> {
      const made = person.password === null ? temporaryPassword() : null
      const given = { ...person, password: person.password ?? made! }
      const row = await addAccount(db, passwordCost, caller.accountId, given, { forOnce: made !== null })
      return { ...accountOf(row), password: made }
    },

    /** What the person is called and may do from now on. Nobody takes the administrator's role from themselves. */
    async change(
      caller: Caller,
      { accountId, displayName, roles }: { accountId: string; displayName: string; roles: Role[] },
    ): Promise<Account> {
      if (accountId === caller.accountId && !roles.includes('administrator'))
        throw new ConcordError('account-own', 'You cannot give up your own role. Ask another administrator.', 'roles')
      const set = { display_name: displayName, roles: JSON.stringify([...new Set(roles)]) }
      const changed = await update(caller, accountId, 'account.changed', set)
      if (accountId !== caller.accountId) announce.sessionsEnd(accountId)
      return changed
    },

    /** Closes an account; accounts are never deleted, their votes stay theirs. */
    async close(caller: Caller, accountId: string): Promise<Account> {
      if (accountId === caller.accountId)
        throw new ConcordError('account-own', 'You cannot close your own account. Ask another administrator.')
      const closed = await update(caller, accountId, 'account.closed', { state: 'closed' })
      announce.sessionsEnd(accountId)
      return closed
    },

    openAgain: (caller: Caller, accountId: string): Promise<Account> =>
      update(caller, accountId, 'account.opened-again', {
        ...{ state: 'active', failed_attempts: 0, locked_until: null },
      }),

    /**
     * Gives somebody who forgot it a password for one sign-in, which the administrator tells them in person: it is known once,
     * and must be changed at once. Ends a lockout. Errors: `account-unknown`, `account-own`.
     */
    async resetPassword(caller: Caller, accountId: string): Promise<{ password: string }> {
      if (accountId === caller.accountId)
        throw new ConcordError('account-own', 'Change your own password in the menu of your account.')
      const password = temporaryPassword()
      const password_hash = await hashPassword(password, passwordCost)
      await db.transaction().execute(async (t) => {
        const { numUpdatedRows } = await t
          .updateTable('account')
          .set({ password_hash, must_change: 1, failed_attempts: 0, locked_until: null })
          .where('id', '=', accountId)
          .where('state', '=', 'active')
          .executeTakeFirst()
        if (Number(numUpdatedRows) === 0) throw new ConcordError('account-unknown', 'There is no such open account.')
        await recordAccount(t, { accountId: caller.accountId, act: 'account.password-reset' }, accountId)
      })
      announce.sessionsEnd(accountId)
      return { password }
    },
  }
}
