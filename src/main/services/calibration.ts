import type { Feedback } from '../../preload/contract/reading.ts'
import { matchOf } from '../domain/agreement/match.ts'
import type { Connection } from '../store/database.ts'
import type { Row } from '../store/schema.ts'
import type { Caller, ServiceBase } from './context.ts'
import { ownStudy } from './desk.ts'
import { domainScale } from './disputes.ts'
import { isNewestRevision } from './votes.ts'

/** What a reader learns of calibration cases, each only after the own vote on it; hidden cases are never read here. */
export function createCalibration({ db }: Pick<ServiceBase, 'db'>) {
  return {
    async own(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const cases = await votedCases(db)
        .where('assignment.study_id', '=', study.id)
        .where('assignment.account_id', '=', caller.accountId)
        .orderBy('assignment.position')
        .execute()
      const { total } = await db
        .selectFrom('assignment')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('study_id', '=', study.id)
        .where('account_id', '=', caller.accountId)
        .where('kind', '=', 'calibration')
        .executeTakeFirstOrThrow()
      return {
        cases: cases.map(caseOf),
        total: Number(total),
        match: matchOf(
          cases.map(({ grade, known }) => [grade, known] as const),
          domainScale(study),
        ),
      }
    },

    /** Scans of known grade to hold beside the own one; `scanId` is a name of the pictures for this use alone. */
    async exemplars(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const rows = await db
        .selectFrom('known_case')
        .innerJoin('scan', 'scan.id', 'known_case.scan_id')
        .select(['known_case.id', 'known_case.grade', 'known_case.why', 'known_case.motion_mm', 'scan.site'])
        .where('known_case.study_id', '=', study.id)
        .where('known_case.use', '=', 'exemplar')
        .orderBy('known_case.grade')
        .orderBy('known_case.id')
        .execute()
      return rows.map(({ id, motion_mm, ...row }) => ({ ...row, scanId: id, motionMm: motion_mm }))
    },
  }
}

/** The known grade beside the vote that was just cast. */
export async function feedbackOn(
  connection: Connection,
  assignment: Row<'assignment'>,
  { done, total }: { done: number; total: number },
): Promise<Feedback | null> {
  const row = await votedCases(connection).where('assignment.id', '=', assignment.id).executeTakeFirst()
  return row ? { assignmentId: assignment.id, ...caseOf(row), left: total - done } : null
}

const votedCases = (connection: Connection) =>
  connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .innerJoin('known_case', (join) =>
      join
        .onRef('known_case.study_id', '=', 'assignment.study_id')
        .onRef('known_case.scan_id', '=', 'assignment.scan_id'),
    )
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .select([
      'assignment.position as position',
      'assignment.place as place',
      'vote.grade as grade',
      'vote.reason as reason',
      'known_case.grade as known',
      'known_case.why as why',
      'known_case.motion_mm as motionMm',
      'scan.site as site',
    ])
    .where('assignment.kind', '=', 'calibration')
    .where('known_case.use', '=', 'calibration')
    .where('assignment.voted', '=', 1)
    .where(isNewestRevision)

type VotedCase = Awaited<ReturnType<ReturnType<typeof votedCases>['execute']>>[number]

const caseOf = ({ place, position, ...row }: VotedCase) => ({ ...row, position: place ?? position })
