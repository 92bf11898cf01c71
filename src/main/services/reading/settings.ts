import { readerSettings, type Place, type ReaderSettings } from '../../../preload/contract/reading.ts'
import { ConcordError } from '../../domain/error.ts'
import { now } from '../../store/identity.ts'
import type { Caller, ServiceBase } from '../context.ts'

const asDelivered: ReaderSettings = { keys: {}, breakMinutes: 40 }
const name = 'reading'

/** What a reader finds again at every workstation: own keys, when a break is suggested, the place on the scan in front. */
export function createReaderSettings({ db }: Pick<ServiceBase, 'db'>) {
  return {
    /** What an older version wrote and this one does not understand counts as not chosen. */
    async get(caller: Caller): Promise<ReaderSettings> {
      const row = await db
        .selectFrom('account_setting')
        .select('value')
        .where('account_id', '=', caller.accountId)
        .where('name', '=', name)
        .executeTakeFirst()
      const kept = readerSettings.safeParse(row ? (JSON.parse(row.value) as unknown) : asDelivered)
      return kept.success ? kept.data : asDelivered
    },

    async keep(caller: Caller, settings: ReaderSettings): Promise<ReaderSettings> {
      const value = JSON.stringify(settings)
      await db
        .insertInto('account_setting')
        .values({ account_id: caller.accountId, name, value })
        .onConflict((c) => c.columns(['account_id', 'name']).doUpdateSet({ value }))
        .execute()
      return settings
    },

    /** Error: `assignment-unknown`. A place is no vote: it is not in the audit trail, and the next one replaces it. */
    async keepPlace(caller: Caller, { assignmentId, place }: { assignmentId: string; place: Place }): Promise<void> {
      const own = await db
        .selectFrom('assignment')
        .select('study_id')
        .where('id', '=', assignmentId)
        .where('account_id', '=', caller.accountId)
        .where('voted', '=', 0)
        .executeTakeFirst()
      if (!own) throw new ConcordError('assignment-unknown', 'This scan is not waiting in your queue.')
      const row = { assignment_id: assignmentId, place: JSON.stringify(place), at: now() }
      await db
        .insertInto('reading_place')
        .values({ account_id: caller.accountId, study_id: own.study_id, ...row })
        .onConflict((c) => c.columns(['account_id', 'study_id']).doUpdateSet(row))
        .execute()
    },
  }
}
