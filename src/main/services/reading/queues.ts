import type { Queue } from '../../../preload/contract/reading.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import type { Caller, ServiceBase } from '../context.ts'
import { designOf } from '../design-of.ts'
import { counts } from './desk.ts'
import { nextItems } from './queue.ts'

/** How far a reader is in each of the own queues, for the list of studies; bound to the caller's assignments, as the desk is. */
export function createQueues({ db, sealing }: Pick<ServiceBase, 'db' | 'sealing'>) {
  return {
    async own(caller: Caller): Promise<Queue[]> {
      const queues: Queue[] = []
      for (const study of await openStudies(db, caller)) {
        const { done, total } = await counts(db, caller, study.id)
        const { round, opensAt, items } = await nextItems(db, sealing, caller, study, designOf(study))
        queues.push({ studyId: study.id, done, total, ready: items.length > 0, round, opensAt })
      }
      return queues
    },
  }
}

/** Those that the caller reads in and that can be read now. */
function openStudies(connection: Connection, caller: Caller): Promise<Row<'study'>[]> {
  return connection
    .selectFrom('study')
    .innerJoin('study_reader', 'study_reader.study_id', 'study.id')
    .selectAll('study')
    .where('study_reader.account_id', '=', caller.accountId)
    .where('study.state', '=', 'open')
    .orderBy('study.created_at')
    .execute()
}
