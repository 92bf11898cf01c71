import type { Connection } from '../../store/database.ts'
import { readsIn, type Caller } from '../context.ts'
import { isBesideOwn } from '../reading/earlier.ts'

/**
 * The digest of a scan's pictures, where this person may look at them: readers at those of their own queue, of the same patients
 * and the study's exemplars, by the names they were given for them (desk.ts, earlier.ts, calibration.ts); leads and trainers at
 * all. Null whether the scan does not exist or is not theirs.
 */
export async function contentFor(connection: Connection, caller: Caller, scanId: string): Promise<string | null> {
  const scan = await connection
    .selectFrom('scan')
    .select(['id', 'content_sha256 as content'])
    .where('id', '=', scanId)
    .executeTakeFirst()
  const staff = caller.roles.some((role) => role === 'lead' || role === 'trainer')
  const theirs = async (id: string) =>
    (await isAssigned(connection, caller, id)) || (await isBesideOwn(connection, caller, id))
  if (scan && (staff || (await theirs(scan.id)))) return scan.content
  return contentByAlias(connection, caller, scanId)
}

/** The pictures behind a reader's own place in a queue, or behind an exemplar of a study the caller reads in. */
async function contentByAlias(connection: Connection, caller: Caller, alias: string): Promise<string | null> {
  const assigned = await connection
    .selectFrom('assignment')
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .select(['scan.content_sha256 as content', 'assignment.study_id as studyId'])
    .where('assignment.id', '=', alias)
    .where('assignment.account_id', '=', caller.accountId)
    .executeTakeFirst()
  const found =
    assigned ??
    (await connection
      .selectFrom('known_case')
      .innerJoin('scan', 'scan.id', 'known_case.scan_id')
      .innerJoin('study', 'study.id', 'known_case.study_id')
      .select(['scan.content_sha256 as content', 'known_case.study_id as studyId'])
      .where('known_case.id', '=', alias)
      .where('known_case.use', '=', 'exemplar')
      .where('study.state', '!=', 'draft')
      .executeTakeFirst())
  return found && (await readsIn(connection, found.studyId, caller.accountId)) ? found.content : null
}

async function isAssigned(connection: Connection, caller: Caller, scanId: string): Promise<boolean> {
  const row = await connection
    .selectFrom('assignment')
    .select(['id', 'study_id'])
    .where('scan_id', '=', scanId)
    .where('account_id', '=', caller.accountId)
    .executeTakeFirst()
  return row !== undefined && (await readsIn(connection, row.study_id, caller.accountId))
}
