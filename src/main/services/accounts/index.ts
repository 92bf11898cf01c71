import type { Account, Session } from '../../../preload/contract/accounts.ts'
import type { Role } from '../../../preload/contract/route.ts'
import { ConcordError } from '../../domain/error.ts'
import { isDiskTrouble } from '../../domain/storage-error.ts'
import { digestOf, record } from '../../store/audit.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import type { PasswordCost } from '../../store/sealed/password.ts'
import { accountDigest } from '../../store/witness/digests.ts'
import { recordAccount } from '../../store/witness/record.ts'
import type { Caller, ServiceBase } from '../context.ts'
import { hashPassword, isPassword, requireStrength, strengthOf, temporaryPassword } from './passwords.ts'
import type { AccountKeys } from '../sealing/account-keys.ts'
import type { Keepers } from '../sealing/keepers.ts'

/** From the fifth wrong password on, each doubles the wait, from one second to at most fifteen minutes. */
const freeAttempts = 4
const longestWaitSeconds = 900

export type Accounts = ReturnType<typeof createAccounts>

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
  let decoy: Promise<string> | undefined
  /** Wrong tries at names that nobody has, the latest thousand. */
  const strangers = new Map<string, { failed: number; until: string | null }>()

  async function insert(
    by: string | null,
    person: { name: string; displayName: string; password: string; roles: Role[] },
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
      await record(t, {
        accountId: by ?? row.id,
        act: 'account.created',
        subject: row.id,
        rowDigest: accountDigest(row),
      })
    })
    return row
  }

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

  async function checkPassword(account: Row<'account'>, password: string): Promise<void> {
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
        .set({ failed_attempts: failed, locked_until: next ? new Date(Date.now() + next * 1000).toISOString() : null })
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
  }

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

  /** A full disk must not keep anybody out: what was saved can still be looked at and taken along. */
  async function noteSignIn(account: Row<'account'>): Promise<void> {
    await db
      .transaction()
      .execute((t) =>
        record(t, {
          accountId: account.id,
          act: 'session.opened',
          subject: account.id,
          rowDigest: digestOf(account.id),
        }),
      )
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
    async needsAdministrator(): Promise<boolean> {
      return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined
    },

    async createAdministrator(person: { name: string; displayName: string; password: string }): Promise<Session> {
      const account = await insert(null, { ...person, roles: ['administrator'] }, { onlyIfFirst: true })
      await openKeys(account, person.password)
      return sessionOf(account)
    },

    /** One answer for an unknown name, a closed account and a wrong password, after the same work. */
    async signIn({ name, password }: { name: string; password: string }): Promise<Session> {
      const account = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst()
      if (!account || account.state !== 'active') {
        await isPassword(await (decoy ??= hashPassword('no such account', passwordCost)), password)
        throw strangerTried(name)
      }
      await checkPassword(account, password)
      await noteSignIn(account)
      await openKeys(account, password)
      return sessionOf(account)
    },

    async list(caller?: Caller): Promise<Account[]> {
      const rows = await db.selectFrom('account').selectAll().orderBy('display_name').execute()
      // When somebody was at the window is for administrators alone.
      const told = caller?.roles.includes('administrator') === true
      return rows.map((row) => (told ? accountOf(row) : { ...accountOf(row), lockedUntil: null }))
    },

    /** @param person without a password one is made for the first sign-in, and told this once */
    async create(
      caller: Caller,
      person: { name: string; displayName: string; password: string | null; roles: Role[] },
    ): Promise<Account & { password: string | null }> {
      const made = person.password === null ? temporaryPassword() : null
      const password = person.password ?? made!
      const row = await insert(caller.accountId, { ...person, password }, { forOnce: made !== null })
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

    /** The person at a locked window says who they are; wrong tries count as at the sign-in. */
    async unlock(caller: Caller, password: string): Promise<void> {
      const account = await db
        .selectFrom('account')
        .selectAll()
        .where('id', '=', caller.accountId)
        .executeTakeFirstOrThrow()
      await checkPassword(account, password)
      await openKeys(account, password)
    },

    strength: ({ password, names }: { password: string; names: string[] }) => strengthOf(password, names),

    async changePassword(caller: Caller, change: { current: string; next: string }): Promise<void> {
      const account = await db
        .selectFrom('account')
        .selectAll()
        .where('id', '=', caller.accountId)
        .executeTakeFirstOrThrow()
      await checkPassword(account, change.current)
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

const secondsUntil = (until: string | null): number =>
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

const rolesOf = (row: Row<'account'>): Role[] => JSON.parse(row.roles) as Role[]

const sessionOf = (row: Row<'account'>): Session => ({
  accountId: row.id,
  name: row.name,
  displayName: row.display_name,
  roles: rolesOf(row),
  ...(row.must_change === 1 ? { mustChangePassword: true } : {}),
})

const accountOf = (row: Row<'account'>): Account => ({
  id: row.id,
  name: row.name,
  displayName: row.display_name,
  roles: rolesOf(row),
  state: row.state,
  createdAt: row.created_at,
  mustChangePassword: row.must_change === 1,
  lockedUntil: secondsUntil(row.locked_until) > 0 ? row.locked_until : null,
})
