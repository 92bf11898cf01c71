import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { ConcordError } from '../../domain/error.ts'
import { isAttested } from '../../store/attested.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { nextId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { openWith, shutTo } from '../../store/sealed/box.ts'
import { readerKeyOf, studyPurpose } from '../../store/sealed/reader-keys.ts'
import { readerKeyDigest } from '../../store/witness/digests.ts'
import type { Caller } from '../caller.ts'
import type { KeyRing } from './key-ring.ts'
import { requireUnchanged, studyKeyChanged } from './unaltered.ts'
import type { StudyKey } from './study-keys.ts'

const ownPurpose = (readerKeyId: string, accountKeyId: string): string => `votes key ${readerKeyId} to ${accountKeyId}`

/** The key of a reader's votes by the reader's own pair; null where it was shut to another one, as before a reset. */
export async function ownReaderKey(
  connection: Connection,
  ring: KeyRing,
  accountId: string,
  readerKeyId: string,
): Promise<KeyObject | null> {
  const own = ring.of(accountId)
  if (!own) return null
  const known = ring.opened(accountId)!.readers.get(readerKeyId)
  if (known) return known
  const box = await connection
    .selectFrom('reader_key_share')
    .innerJoin('reader_key', 'reader_key.id', 'reader_key_share.reader_key_id')
    .select('reader_key_share.box')
    .where('reader_key_id', '=', readerKeyId)
    .where('account_key_id', '=', own.keyId)
    .where('reader_key.account_id', '=', accountId)
    .executeTakeFirst()
  const raw = box ? openWith(own, box.box, ownPurpose(readerKeyId, own.keyId)) : null
  if (!raw) return null
  const key = createSecretKey(raw)
  raw.fill(0)
  ring.opened(accountId)?.readers.set(readerKeyId, key)
  return key
}

/**
 * The key that the reader's next vote is sealed with: the newest that their own pair opens, or a new one, written in the
 * vote's own transaction. Errors: `keys-locked`; `study-key-changed`, where the study's key or the reader's is not the one that
 * the audit trail knows: the vote would be readable for whoever put it there.
 */
export async function keyForVote(
  t: Connection,
  ring: KeyRing,
  caller: Caller,
  keys: readonly StudyKey[],
): Promise<{ id: string; key: KeyObject }> {
  const studyKey = keys.at(-1)
  if (studyKey?.opened !== null) throw studyKeyChanged()
  const own = ring.of(caller.accountId)
  if (!own)
    throw new ConcordError(
      'keys-locked',
      'Votes of this study are sealed with your own key, which is locked. Sign in again; nothing was cast, and what you cast before is safe.',
    )
  const rows = await t
    .selectFrom('reader_key')
    .selectAll()
    .where('study_key_id', '=', studyKey.id)
    .where('account_id', '=', caller.accountId)
    .orderBy('id', 'desc')
    .execute()
  const attested = ring.opened(caller.accountId)?.attested
  for (const row of rows) {
    const key = await ownReaderKey(t, ring, caller.accountId, row.id)
    if (!key) continue
    if (!attested?.has(row.id) && !(await isAttested(t, 'vote.key-made', row.id, readerKeyDigest(row))))
      throw studyKeyChanged()
    attested?.add(row.id)
    return { id: row.id, key }
  }
  await requireUnchanged(t, keys)
  const raw = randomBytes(32)
  const id = await nextId(t, 'reader_key')
  const row: Row<'reader_key'> = {
    ...{ id, study_key_id: studyKey.id, account_id: caller.accountId, at: now() },
    box: shutTo(studyKey.public_key, raw, studyPurpose(id)),
  }
  await t.insertInto('reader_key').values(row).execute()
  await shareWithReader(t, { id, raw }, { id: own.keyId, public_key: own.publicKey })
  await record(t, {
    accountId: caller.accountId,
    act: 'vote.key-made',
    subject: id,
    rowDigest: readerKeyDigest(row),
  })
  const key = createSecretKey(raw)
  raw.fill(0)
  // Not kept in the ring: the transaction may still be undone.
  return { id, key }
}

const shareWithReader = (
  t: Connection,
  { id, raw }: { id: string; raw: Buffer },
  accountKey: { id: string; public_key: string },
): Promise<unknown> =>
  t
    .insertInto('reader_key_share')
    .values({
      ...{ reader_key_id: id, account_key_id: accountKey.id, at: now() },
      box: shutTo(accountKey.public_key, raw, ownPurpose(id, accountKey.id)),
    })
    .execute()

/** Keys of readers' votes that are not shut to the reader's newest pair, as after a reset. */
export function readersWithout(connection: Connection, studyKey: Row<'study_key'>) {
  return connection
    .selectFrom('reader_key')
    .innerJoin('account_key', 'account_key.account_id', 'reader_key.account_id')
    .leftJoin('reader_key_share', (join) =>
      join
        .onRef('reader_key_share.reader_key_id', '=', 'reader_key.id')
        .onRef('reader_key_share.account_key_id', '=', 'account_key.id'),
    )
    .select(['reader_key.id', 'reader_key.box', 'account_key.id as accountKeyId', 'account_key.public_key'])
    .where('reader_key.study_key_id', '=', studyKey.id)
    .where('reader_key_share.box', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('account_key as later')
            .select('later.id')
            .whereRef('later.account_id', '=', 'reader_key.account_id')
            .whereRef('later.id', '>', 'account_key.id'),
        ),
      ),
    )
    .execute()
}

/** Shuts them to it, so that the readers see their earlier votes again. Done by whoever has the study's key. */
export async function shareWithReaders(
  t: Connection,
  studyKey: Row<'study_key'>,
  half: Buffer,
  rows: Awaited<ReturnType<typeof readersWithout>>,
): Promise<void> {
  for (const { id, box, accountKeyId, public_key } of rows) {
    const raw = readerKeyOf({ publicKey: studyKey.public_key, privateKey: half }, id, box)
    if (!raw) continue
    await shareWithReader(t, { id, raw }, { id: accountKeyId, public_key })
    raw.fill(0)
  }
}
