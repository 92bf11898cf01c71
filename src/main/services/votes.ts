import { sql, type SqlBool } from 'kysely'
import type { Connection } from '../store/database.ts'

/** A vote that counts: the newest revision of an assignment, unless that withdrew it. */
export interface CountingVote {
  scanId: string
  pseudonym: string
  patientId: string
  site: 'tibia' | 'radius' | 'calcaneus' | 'other'
  side: 'left' | 'right' | 'unknown'
  accountId: string
  letter: string
  displayName: string
  grade: number | null
  reason: string | null
  note: string | null
  worstSlice: number | null
  castAt: string
}

/** All counting votes of a study (or of the scans named), by scan and then by the reader's letter. For those who may know them only. */
export async function countingVotes(
  connection: Connection,
  studyId: string,
  only?: string | readonly string[],
): Promise<CountingVote[]> {
  const scanIds = typeof only === 'string' ? [only] : only
  return connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .innerJoin('study_reader', (join) =>
      join
        .onRef('study_reader.account_id', '=', 'assignment.account_id')
        .onRef('study_reader.study_id', '=', 'assignment.study_id'),
    )
    .innerJoin('account', 'account.id', 'assignment.account_id')
    .select([
      'scan.id as scanId',
      'scan.pseudonym as pseudonym',
      'scan.patient_id as patientId',
      'scan.site as site',
      'scan.side as side',
      'assignment.account_id as accountId',
      'study_reader.letter as letter',
      'account.display_name as displayName',
      'vote.grade as grade',
      'vote.reason as reason',
      'vote.note as note',
      'vote.worst_slice as worstSlice',
      'vote.cast_at as castAt',
    ])
    .where('assignment.study_id', '=', studyId)
    .where('assignment.kind', '=', 'primary')
    .where('assignment.voted', '=', 1)
    .where(isNewestRevision)
    .$if(scanIds !== undefined, (query) => query.where('assignment.scan_id', 'in', scanIds!))
    .orderBy('scan.pseudonym')
    .orderBy('study_reader.letter')
    .execute()
}

/** Of a query over `assignment` and `vote`: the revision is the newest of its assignment. */
export const isNewestRevision = sql<SqlBool>`vote.revision = (
  select max(newest.revision) from vote as newest where newest.assignment_id = assignment.id)`
