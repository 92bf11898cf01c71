import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { accountDigest, accountKeyDigest } from '../../store/witness/digests.ts'
import { altered } from './format.ts'
import { known } from './known.ts'
import type { StudyRows } from './rows.ts'

export async function addReader(t: Connection, { account, accountKeys, accountLocks }: StudyRows): Promise<void> {
  if (accountKeys.some((key) => key.account_id !== account.id)) throw altered()
  if (accountLocks.some((lock) => !accountKeys.some(({ id }) => id === lock.key_id))) throw altered()
  const here = await t.selectFrom('account').select('id').where('id', '=', account.id).executeTakeFirst()
  if (here) {
    const keys = await known(
      t,
      'account_key',
      accountKeys.map(({ id }) => id),
    )
    if (keys.size === accountKeys.length) return
    throw new ConcordError(
      'packet-account-differs',
      'The reader’s account here has other keys than in the packet, as after a reset. Nothing was changed: start with an empty data folder.',
    )
  }
  await addAccount(t, {
    ...{ ...account, roles: JSON.stringify(['reader']), state: 'active', must_change: 0 },
    ...{ failed_attempts: 0, locked_until: null },
  })
  for (const key of accountKeys) {
    await t.insertInto('account_key').values(key).execute()
    await record(t, {
      accountId: account.id,
      act: 'session.keys-made',
      subject: key.id,
      rowDigest: accountKeyDigest(key),
    })
  }
  for (const lock of accountLocks) await t.insertInto('account_key_lock').values(lock).execute()
}

/** Stands for everybody else whom a row refers to: an account that nobody can sign in with and that says no name. */
export async function addMaker(t: Connection, id: string): Promise<string> {
  const here = await t.selectFrom('account').select('id').where('id', '=', id).executeTakeFirst()
  if (here) return id
  await addAccount(t, {
    ...{ id, name: `packet-${id}`, display_name: 'Made the packet', roles: '[]', password_hash: '-', state: 'closed' },
    ...{ must_change: 0, failed_attempts: 0, locked_until: null, created_at: now() },
  })
  return id
}

async function addAccount(t: Connection, row: Row<'account'>): Promise<void> {
  const same = await t.selectFrom('account').select('id').where('name', '=', row.name).executeTakeFirst()
  if (same)
    throw new ConcordError(
      'packet-name-taken',
      `Somebody else here signs in as "${row.name}". Nothing was changed: open the packet in a data folder of its own.`,
    )
  await t.insertInto('account').values(row).execute()
  await record(t, { accountId: null, act: 'account.created', subject: row.id, rowDigest: accountDigest(row) })
}
