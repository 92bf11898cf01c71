import { isAttested } from '../../store/attested.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import { shutTo } from '../../store/sealed/box.ts'
import { accountKeyDigest, studyKeyShareDigest } from '../../store/witness/digests.ts'
import type { Caller } from '../caller.ts'
import { sharePurpose, type StudyKey } from './study-keys.ts'

/** Newest pair of each account named that the audit trail knows; accounts that never signed in have none. */
async function newestAccountKeys(connection: Connection, accountIds: readonly string[]) {
  if (accountIds.length === 0) return []
  const rows = await connection
    .selectFrom('account_key')
    .selectAll()
    .where('account_id', 'in', [...accountIds])
    .orderBy('id')
    .execute()
  const known = new Map<string, (typeof rows)[number]>()
  for (const row of rows)
    if (await isAttested(connection, 'session.keys-made', row.id, accountKeyDigest(row))) known.set(row.account_id, row)
  return [...known.values()]
}

/**
 * Who is given the key of a study's votes: the leads who do not read in it. Only where there is none of them, those who do:
 * somebody must be able to seal the reading.
 */
export async function keepersOf(connection: Connection, studyId: string) {
  const accounts = await connection
    .selectFrom('account')
    .leftJoin('study_reader', (join) =>
      join.onRef('study_reader.account_id', '=', 'account.id').on('study_reader.study_id', '=', studyId),
    )
    .select(['account.id', 'account.roles', 'study_reader.letter'])
    .where('account.state', '=', 'active')
    .execute()
  const leads = accounts.filter(({ roles }) => (JSON.parse(roles) as string[]).includes('lead'))
  const apart = await newestAccountKeys(
    connection,
    leads.filter(({ letter }) => letter === null).map(({ id }) => id),
  )
  return apart.length > 0
    ? apart
    : newestAccountKeys(
        connection,
        leads.map(({ id }) => id),
      )
}

export async function share(
  t: Connection,
  caller: Caller,
  key: StudyKey,
  privateKey: Buffer,
  keepers: readonly { id: string; account_id: string; public_key: string }[],
): Promise<void> {
  for (const keeper of keepers) {
    const box = shutTo(keeper.public_key, privateKey, sharePurpose(key.id, keeper.id))
    const row = { study_key_id: key.id, account_key_id: keeper.id, box, at: now() }
    await t.insertInto('study_key_share').values(row).execute()
    await record(t, {
      accountId: caller.accountId,
      act: 'study.key-shared',
      subject: key.study_id,
      rowDigest: studyKeyShareDigest(row, keeper.account_id),
    })
  }
}

/** The keepers whose newest pair has no share yet: a lead who came later, or whose password was reset. */
export async function keepersWithout(connection: Connection, key: StudyKey) {
  const known = await connection
    .selectFrom('study_key_share')
    .select('account_key_id')
    .where('study_key_id', '=', key.id)
    .execute()
  const has = new Set(known.map((row) => row.account_key_id))
  return (await keepersOf(connection, key.study_id)).filter(({ id }) => !has.has(id))
}
