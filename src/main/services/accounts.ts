import { hash, verify } from '@node-rs/argon2'
import type { Account, Session } from '../../preload/contract/accounts.ts'
import type { Role } from '../../preload/contract/route.ts'
import { ConcordError } from '../domain/error.ts'
import { digestOf, record } from '../store/audit.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import { accountDigest } from '../store/witnesses.ts'
import type { Caller, ServiceBase } from './context.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const argon2id = 2
const hashing = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** From the fifth wrong password on, each doubles the wait, from one second to at most fifteen minutes. */
const freeAttempts = 4
const longestWaitSeconds = 900

export type Accounts = ReturnType<typeof createAccounts>

export function createAccounts({ db }: ServiceBase) {
  let decoy: Promise<string> | undefined

  async function insert(
    by: string | null,
    person: { name: string; displayName: string; password: string; roles: Role[] },
    onlyIfFirst: boolean,
  ): Promise<Row<'account'>> {
    const row: Row<'account'> = {
      id: newId(),
      name: person.name,
      display_name: person.displayName,
      roles: JSON.stringify(person.roles),
      password_hash: await hash(person.password, hashing),
      state: 'active',
      failed_attempts: 0,
      locked_until: null,
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

  async function checkPassword(account: Row<'account'>, password: string): Promise<void> {
    if (account.locked_until && account.locked_until > now())
      throw new ConcordError(
        'sign-in-locked',
        'Too many wrong passwords. Wait a little and try again, or ask an administrator.',
      )
    if (await verify(account.password_hash, password)) {
      if (account.failed_attempts > 0)
        await db
          .updateTable('account')
          .set({ failed_attempts: 0, locked_until: null })
          .where('id', '=', account.id)
          .execute()
      return
    }
    const failed = account.failed_attempts + 1
    const wait = failed > freeAttempts ? Math.min(2 ** (failed - freeAttempts - 1), longestWaitSeconds) : 0
    await db
      .updateTable('account')
      .set({ failed_attempts: failed, locked_until: wait ? new Date(Date.now() + wait * 1000).toISOString() : null })
      .where('id', '=', account.id)
      .execute()
    throw new ConcordError('sign-in-refused', 'The name or the password is not right.', 'password')
  }

  return {
    async needsAdministrator(): Promise<boolean> {
      return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined
    },

    async createAdministrator(person: { name: string; displayName: string; password: string }): Promise<Session> {
      return sessionOf(await insert(null, { ...person, roles: ['administrator'] }, true))
    },

    /** One answer for an unknown name, a closed account and a wrong password, after the same work. */
    async signIn({ name, password }: { name: string; password: string }): Promise<Session> {
      const account = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst()
      if (!account || account.state !== 'active') {
        await verify(await (decoy ??= hash('no such account', hashing)), password)
        throw new ConcordError('sign-in-refused', 'The name or the password is not right.', 'password')
      }
      await checkPassword(account, password)
      return sessionOf(account)
    },

    async list(): Promise<Account[]> {
      const rows = await db.selectFrom('account').selectAll().orderBy('display_name').execute()
      return rows.map(accountOf)
    },

    async create(
      caller: Caller,
      person: { name: string; displayName: string; password: string; roles: Role[] },
    ): Promise<Account> {
      return accountOf(await insert(caller.accountId, person, false))
    },

    /** Closes an account; accounts are never deleted, their votes stay theirs. */
    async close(caller: Caller, accountId: string): Promise<Account> {
      if (accountId === caller.accountId)
        throw new ConcordError('account-own', 'You cannot close your own account. Ask another administrator.')
      return db.transaction().execute(async (t) => {
        const row = await t
          .updateTable('account')
          .set({ state: 'closed' })
          .where('id', '=', accountId)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw new ConcordError('account-unknown', 'There is no such account.')
        await record(t, {
          accountId: caller.accountId,
          act: 'account.closed',
          subject: accountId,
          rowDigest: digestOf(accountId, 'closed'),
        })
        return accountOf(row)
      })
    },

    async changePassword(caller: Caller, change: { current: string; next: string }): Promise<void> {
      const account = await db
        .selectFrom('account')
        .selectAll()
        .where('id', '=', caller.accountId)
        .executeTakeFirstOrThrow()
      await checkPassword(account, change.current)
      const password_hash = await hash(change.next, hashing)
      await db.transaction().execute(async (t) => {
        await t.updateTable('account').set({ password_hash }).where('id', '=', account.id).execute()
        await record(t, {
          accountId: account.id,
          act: 'account.password-changed',
          subject: account.id,
          rowDigest: digestOf(account.id),
        })
      })
    },
  }
}

const rolesOf = (row: Row<'account'>): Role[] => JSON.parse(row.roles) as Role[]

const sessionOf = (row: Row<'account'>): Session => ({
  accountId: row.id,
  name: row.name,
  displayName: row.display_name,
  roles: rolesOf(row),
})

const accountOf = (row: Row<'account'>): Account => ({
  id: row.id,
  name: row.name,
  displayName: row.display_name,
  roles: rolesOf(row),
  state: row.state,
  createdAt: row.created_at,
})
