import { record } from '../audit.ts'
import type { Connection } from '../database.ts'
import type { Row } from '../schema.ts'
import { accountDigest } from './digests.ts'
import { modelDigest, queuesDigest, scanDigest, studyDigest } from './groups.ts'

interface Act {
  accountId: string | null
  act: string
}

// Entries that say how rows are now that may change again: the last one of each is what `verifyChain` holds them against.

/** After every change of how a study is read and by whom. */
export const recordStudy = async (t: Connection, entry: Act, studyId: string): Promise<void> =>
  record(t, { ...entry, subject: studyId, rowDigest: await studyDigest(t, studyId) })

/** After places were added to the queues. */
export async function recordQueues(t: Connection, accountId: string | null, studyId: string): Promise<void> {
  const rowDigest = await queuesDigest(t, studyId)
  if (rowDigest !== null) await record(t, { accountId, act: 'study.queues-made', subject: studyId, rowDigest })
}

/** After a scan was added, or goes to the readers. */
export const recordScan = async (t: Connection, entry: Act, scanId: string): Promise<void> =>
  record(t, { ...entry, subject: scanId, rowDigest: await scanDigest(t, scanId) })

export async function recordAccount(t: Connection, entry: Act, accountId: string): Promise<void> {
  const row = await t.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow()
  await record(t, { ...entry, subject: accountId, rowDigest: accountDigest(row) })
}

/** After a model, its members and its held-out predictions were written. */
export const recordModel = async (t: Connection, entry: Act, model: Row<'model'>): Promise<void> =>
  record(t, { ...entry, subject: model.id, rowDigest: await modelDigest(t, model) })
