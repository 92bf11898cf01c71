import { sql } from 'kysely'
import type { MotionEstimate, OwnMotion } from '../../../preload/contract/motion.ts'
import { ConcordError } from '../../domain/error.ts'
import type { EstimatedMotion } from '../../imaging/host.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { motionDigest } from '../../store/witness/digests.ts'
import { now } from '../../store/identity.ts'
import { isSealed, readsIn, refuseBlinded, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { isConcealed } from '../design-of.ts'
import { lastCast } from './last-vote.ts'
import { isNewestRevision } from '../votes/counting.ts'
import { contentColumns, rest, type ContentRow } from '../../store/sealed/votes.ts'

/**
 * The motion estimates of scans (QME), given beside the grade after the vote and never before. `motion_estimate` is read
 * here and nowhere else; every query is bound to what its caller may know.
 */
export function createMotion({ db, sealing }: Pick<ServiceBase, 'db' | 'sealing'>) {
  return {
    /** See contract/motion.ts. Error: `study-unknown`. */
    async own(caller: Caller, { studyId, limit }: { studyId: string; limit: number }): Promise<OwnMotion[]> {
      const study = await db.selectFrom('study').selectAll().where('id', '=', studyId).executeTakeFirst()
      if (!study || study.state === 'draft' || !(await readsIn(db, studyId, caller.accountId)))
        throw new ConcordError('study-unknown', 'You do not read in this study. Go back to the list of studies.')
      if (!(await hasEstimates(db, studyId))) return []
      const undecided = await undecidedAssignments(db, caller)
      const sealed = isSealed(study)
      // One scan's two showings have one estimate, and a scan that is to come again would be the one without.
      if (!sealed && (await isConcealed(db, study))) return []
      const rows = await db
        .selectFrom('motion_estimate')
        .innerJoin('scan', 'scan.id', 'motion_estimate.scan_id')
        .innerJoin('assignment', 'assignment.scan_id', 'scan.id')
        .leftJoin('vote', (join) => join.onRef('vote.assignment_id', '=', 'assignment.id').on(isNewestRevision))
        .select([
          'assignment.id as assignmentId',
          'assignment.position',
          'assignment.voted',
          'scan.pseudonym',
          'scan.site',
          'scan.side',
          'motion_estimate.qme_ncc as qmeNCC',
          'motion_estimate.qme_ssd as qmeSSD',
          'motion_estimate.reason',
        ])
        .select(contentColumns)
        .where('assignment.study_id', '=', studyId)
        .where('assignment.account_id', '=', caller.accountId)
        .$if(!sealed, (query) => query.where('assignment.voted', '=', 1))
        .where('scan.content_sha256', 'not in', beforeThem(db, caller, undecided))
        .orderBy(sql`vote.id is null`)
        .orderBy('vote.id', 'desc')
        .orderBy('assignment.position')
        .limit(limit)
        .execute()
      // Without a vote its columns are null; what is read of it is left out below.
      const votes = rows as ((typeof rows)[number] & ContentRow)[]
      const reader = await sealing.forOwn(db, caller, votes)
      return votes.flatMap((row) => {
        const cast = row.voted === 1 && row.voteKind === 'cast'
        const said = cast ? reader.read(row) : null
        // A vote from before the reader's password was reset, until a lead has been there: it is theirs, and not to be read.
        if (cast && !said) return []
        return [{ ...rest(row), voted: cast, grade: said?.grade ?? null, cannot: said?.reason ?? null }]
      })
    },

    /** See contract/motion.ts. Errors: `study-unknown`, `blinded`, `scan-unknown`. */
    async ofScan(caller: Caller, { studyId, scanId }: { studyId: string; scanId: string }) {
      await refuseBlinded(db, caller, await studyOf(db, studyId))
      const row = await db
        .selectFrom('scan')
        .leftJoin('motion_estimate', 'motion_estimate.scan_id', 'scan.id')
        .select([
          'motion_estimate.scan_id as estimated',
          'motion_estimate.qme_ncc as qmeNCC',
          'motion_estimate.qme_ssd as qmeSSD',
          'motion_estimate.reason',
        ])
        .where('scan.id', '=', scanId)
        .where('scan.study_id', '=', studyId)
        .executeTakeFirst()
      if (!row) throw new ConcordError('scan-unknown', 'There is no such scan in this study.')
      const { estimated, ...estimate } = row
      return estimated === null ? null : (estimate satisfies MotionEstimate)
    },
  }
}

/** Keeps the estimate of a scan just imported, in the import's transaction. */
export async function addMotionEstimate(
  connection: Connection,
  caller: Caller,
  scanId: string,
  { qmeNCC, qmeSSD, reason, centre, centreBy, format }: EstimatedMotion,
): Promise<void> {
  const row: Row<'motion_estimate'> = {
    ...{ scan_id: scanId, qme_ncc: qmeNCC, qme_ssd: qmeSSD, reason: reason ?? null, centre, centre_by: centreBy },
    ...{ format, computed_at: now() },
  }
  await connection.insertInto('motion_estimate').values(row).execute()
  await record(connection, {
    accountId: caller.accountId,
    act: 'scan.motion-estimated',
    subject: scanId,
    rowDigest: motionDigest(row),
  })
}

/** Most studies have no projections: their readers pay for one look-up. */
async function hasEstimates(connection: Connection, studyId: string): Promise<boolean> {
  const row = await connection
    .selectFrom('motion_estimate')
    .innerJoin('scan', 'scan.id', 'motion_estimate.scan_id')
    .select('scan.id')
    .where('scan.study_id', '=', studyId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Of each open study that the caller reads in: the vote that can still be taken back. */
async function undecidedAssignments(connection: Connection, caller: Caller): Promise<string[]> {
  const studies = await connection
    .selectFrom('study')
    .innerJoin('study_reader', 'study_reader.study_id', 'study.id')
    .select('study.id')
    .where('study.state', '=', 'open')
    .where('study_reader.account_id', '=', caller.accountId)
    .execute()
  const casts = await Promise.all(studies.map(({ id }) => lastCast(connection, caller, id)))
  return casts.flatMap((cast) => (cast ? [cast.assignment.id] : []))
}

/**
 * Digests of the pictures that the caller still has to judge in any open study: the scans ahead, a repeat, a second study
 * of the same scans, and the vote that can still be taken back.
 */
function beforeThem(connection: Connection, caller: Caller, undecided: readonly string[]) {
  return connection
    .selectFrom('assignment as other')
    .innerJoin('scan as shown', 'shown.id', 'other.scan_id')
    .innerJoin('study as where', 'where.id', 'other.study_id')
    .select('shown.content_sha256')
    .where('other.account_id', '=', caller.accountId)
    .where('where.state', '=', 'open')
    .where(({ eb, or }) =>
      or([eb('other.voted', '=', 0), ...(undecided.length > 0 ? [eb('other.id', 'in', [...undecided])] : [])]),
    )
}
