import { ConcordError } from '../../domain/error.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { readerKeyDigest } from '../../store/witness/digests.ts'
import { known } from './known.ts'
import type { VoteRows } from './rows.ts'

/** What this reader's votes in the study may be sealed with. */
export async function readerKeys(t: Connection, studyId: string, readerId: string): Promise<Set<string>> {
  const rows = await t
    .selectFrom('reader_key')
    .innerJoin('study_key', 'study_key.id', 'reader_key.study_key_id')
    .select('reader_key.id')
    .where('reader_key.account_id', '=', readerId)
    .where('study_key.study_id', '=', studyId)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** The keys that the votes were sealed with, in their boxes for the study and for the reader. */
export async function addReaderKeys(
  t: Connection,
  study: Row<'study'>,
  readerId: string,
  rows: VoteRows,
  used: ReadonlySet<string | null>,
): Promise<void> {
  const there = await known(
    t,
    'reader_key',
    rows.readerKeys.map((key) => key.id),
  )
  const studyKeys = await t.selectFrom('study_key').select('id').where('study_id', '=', study.id).execute()
  const own = await t.selectFrom('account_key').select('id').where('account_id', '=', readerId).execute()
  for (const key of rows.readerKeys) {
    if (there.has(key.id) || !used.has(key.id)) continue
    if (key.account_id !== readerId || !studyKeys.some(({ id }) => id === key.study_key_id))
      throw new ConcordError(
        'packet-vote-invalid',
        'The packet holds a key that is not of this reader and this study. Nothing was merged.',
      )
    await t.insertInto('reader_key').values(key).execute()
    await record(t, { accountId: readerId, act: 'vote.key-made', subject: key.id, rowDigest: readerKeyDigest(key) })
    for (const share of rows.readerShares)
      if (share.reader_key_id === key.id && own.some(({ id }) => id === share.account_key_id))
        await t.insertInto('reader_key_share').values(share).execute()
  }
}
