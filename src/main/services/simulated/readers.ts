import { randomBytes } from 'node:crypto'
import { record, voteDigest } from '../../store/audit.ts'
import type { Connection, Database } from '../../store/database.ts'
import { nextId } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Caller } from '../context.ts'

const DAY = 86_400_000
/** Over how many days the simulated readers read. */
const DAYS = 60
/** Votes written in one transaction. */
const PORTION = 25

/** Accounts whose passwords nobody knows; they are closed when their votes are cast. */
export async function simulatedReaders(
  db: Database,
  accounts: Accounts,
  caller: Caller,
  readers: number,
): Promise<string[]> {
  const { count } = await db
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const ids: string[] = []
  for (let reader = 1; reader <= readers; reader += 1) {
    const { id } = await accounts.create(caller, {
      name: `simulated.${Number(count) + reader}`,
      // A word of every language of the program: it is shown as it is stored.
      displayName: `Simulation ${reader}`,
      password: randomBytes(24).toString('hex'),
      roles: ['reader'],
    })
    ids.push(id)
  }
  return ids
}

/** Casts the votes of these readers in the order of their queues, dated over two months, and closes their accounts. */
export async function castSimulated(
  db: Database,
  accounts: Accounts,
  caller: Caller,
  {
    studyId,
    readerIds,
    gradeOf,
  }: { studyId: string; readerIds: string[]; gradeOf(readerId: string, scanId: string): number },
): Promise<void> {
  const queue = await db
    .selectFrom('assignment')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('account_id', 'in', readerIds)
    .orderBy('position')
    .orderBy('account_id')
    .execute()
  const began = Date.now() - DAYS * DAY
  for (let at = 0; at < queue.length; at += PORTION)
    await db.transaction().execute(async (t) => {
      for (const [index, own] of queue.slice(at, at + PORTION).entries()) {
        const when = new Date(began + Math.floor((DAYS * DAY * (at + index)) / queue.length)).toISOString()
        await cast(t, own, gradeOf(own.account_id, own.scan_id), when)
      }
    })
  for (const id of readerIds) await accounts.close(caller, id)
}

/** One vote with its audit entry, dated as if it had been cast when the reader was there. */
async function cast(t: Connection, own: Row<'assignment'>, grade: number, at: string): Promise<void> {
  const vote: Row<'vote'> = {
    ...{
      id: await nextId(t, 'vote'),
      assignment_id: own.id,
      revision: 1,
      kind: 'cast',
      grade,
      reason: null,
      note: null,
    },
    ...{ worst_slice: null, shown_at: at, cast_at: at, salt: randomBytes(16).toString('hex') },
    ...{ confidence: null, stack_grades: null, looked_ms: null, request: null, reader_key_id: null, sealed: null },
    cast_revision: null,
  }
  await t.insertInto('vote').values(vote).execute()
  await t.updateTable('assignment').set({ voted: 1 }).where('id', '=', own.id).execute()
  await record(t, { accountId: own.account_id, act: 'vote.cast', subject: vote.id, rowDigest: voteDigest(vote) })
}
